"""Timed clips as data and as TextGrids."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vocolab.alignment.clips import TimedClip, read_clips, write_clips
from vocolab.alignment.comparing import compare
from vocolab.alignment.exchange import from_textgrid, to_textgrid
from vocolab.errors import CorpusError
from vocolab.files.textgrid import Interval, TextGrid, read_textgrid, write_textgrid
from vocolab_english.symbols import SYMBOLS

CLIP = TimedClip(
    "one", ("<s>", "HH", "AH0", "L", "OW1", "p2", "Y", "UW1", "<w>", "AO1", "L", "</s.>"),
    (0.1, 0.05, 0.06, 0.07, 0.2, 0.25, 0.05, 0.1, 0.0, 0.15, 0.08, 0.12),
    (-1, 0, 0, 0, 0, -1, 1, 1, -1, 2, 2, -1), ("hello", "you", "all"), "someone", 2.5,
)


def test_there_and_back(tmp_path: Path) -> None:
    bare = TimedClip("two", ("<s>", "M", "</s.>"), (0.1, 0.2, 0.3))
    write_clips(tmp_path / "symbols.jsonl", [CLIP, bare])
    assert read_clips(tmp_path / "symbols.jsonl") == [CLIP, bare]


def test_through_a_textgrid_and_back(tmp_path: Path) -> None:
    write_textgrid(tmp_path / "one.TextGrid", to_textgrid(CLIP))
    again = from_textgrid("one", read_textgrid(tmp_path / "one.TextGrid"), SYMBOLS)
    assert again.symbols == CLIP.symbols and again.owners == CLIP.owners and again.words == CLIP.words
    np.testing.assert_allclose(again.seconds, CLIP.seconds, atol=2e-6)


def test_what_the_montreal_aligner_writes() -> None:
    grid = TextGrid(1.0, {
        "amy - words": (Interval(0, 0.2, ""), Interval(0.2, 0.5, "hi"), Interval(0.5, 0.8, "you"),
                        Interval(0.8, 1, "")),
        "amy - phones": (Interval(0, 0.2, "sil"), Interval(0.2, 0.3, "HH"), Interval(0.3, 0.5, "AY1"),
                         Interval(0.5, 0.6, "Y"), Interval(0.6, 0.8, "UW1"), Interval(0.8, 1, "sp")),
    })
    clip = from_textgrid("x", grid, SYMBOLS, "?")
    assert clip.symbols == ("<s>", "HH", "AY1", "<w>", "Y", "UW1", "</s?>")
    assert clip.words == ("hi", "you") and clip.seconds[3] == 0
    assert sum(clip.seconds) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("tiers", "said"),
    [
        ({"words": (Interval(0, 1, "a"),)}, "one tier 'phones' is needed, and its TextGrid has 'words'"),
        ({"words": (), "phones": (Interval(0, 1, "AH0"),)}, "nothing is said"),
        ({"words": (Interval(0, 1, "a"),), "phones": (Interval(0, 1, "ə"),)}, "arpabet-1 has no phoneme ə"),
        ({"words": (Interval(0, 0.4, "a"),), "phones": (Interval(0.5, 1, "AH0"),)}, "AH0 at 0.50 s stands in no word"),
        ({"a - words": (), "b - words": (), "phones": ()}, "one tier 'words' is needed"),
    ],
)
def test_textgrids_that_can_not_be_taken_over(tiers: dict[str, tuple[Interval, ...]], said: str) -> None:
    with pytest.raises(CorpusError, match=said):
        from_textgrid("x", TextGrid(1.0, tiers), SYMBOLS)


@pytest.mark.parametrize(
    "line",
    ["{", "[]", '{"name": "a"}', '{"name": "a", "symbols": ["M"], "seconds": [0.1, 0.2]}',
     '{"name": "a", "symbols": ["M"], "seconds": [-1]}', '{"name": "a", "symbols": ["M"], "seconds": [NaN]}',
     '{"name": "a", "symbols": [], "seconds": []}', '{"name": "a", "symbols": ["M"], "seconds": ["x"]}',
     '{"name": "a", "symbols": ["M"], "seconds": [1], "owners": [0, 1]}', "[" * 10_000],
)
def test_lines_that_are_no_clips_are_named(line: str, tmp_path: Path) -> None:
    path = tmp_path / "symbols.jsonl"
    path.write_text('{"name": "good", "symbols": ["M"], "seconds": [0.1]}\n' + line + "\n")
    with pytest.raises(CorpusError, match=r"symbols\.jsonl.*line 2") as caught:
        read_clips(path)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 400


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="can't be read"):
        read_clips(tmp_path / "no.jsonl")


# The distance of two alignments


def moved(clip: TimedClip, by_s: float) -> TimedClip:
    """All inner boundaries later."""
    seconds = list(clip.seconds)
    seconds[0] += by_s
    seconds[-1] -= by_s
    return replace(clip, seconds=tuple(seconds))


def test_a_shift_is_measured_as_what_it_is() -> None:
    distance = compare([moved(CLIP, 0.03)], [CLIP])
    assert distance.clips == 1 and distance.boundaries == 16
    assert distance.median_ms == pytest.approx(30) and distance.bias_ms == pytest.approx(30)
    assert distance.p90_ms == pytest.approx(30) and distance.far_percent == 0
    assert compare([moved(CLIP, 0.11)], [CLIP]).far_percent == 100


def test_stress_and_pauses_are_not_compared_but_sounds_are() -> None:
    unstressed = replace(CLIP, symbols=tuple(s.replace("OW1", "OW0").replace("p2", "p3") for s in CLIP.symbols))
    assert compare([unstressed], [CLIP]).median_ms == 0
    other = replace(CLIP, name="one", symbols=tuple(s.replace("HH", "M") for s in CLIP.symbols))
    with pytest.raises(CorpusError, match="none of the 1 clips has the same sounds"):
        compare([other], [CLIP])
    assert compare([other, replace(CLIP, name="two")], [CLIP, replace(CLIP, name="two")]).differing == 1
