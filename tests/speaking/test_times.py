"""Times of words as files, and by how much mastering moves them."""

from __future__ import annotations

import json
import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocolab import Audio, PhonemeTime, WordTime, effect
from vocolab.errors import CallError
from vocolab.speaking.moved import moved_s
from vocolab.speaking.subtitles import MOST_CHARACTERS, cues, srt, vtt
from vocolab.speaking.timestamps import write_timestamps

TEXT = "It cost $12.50, <b> & more. Yes!"


def word(text, start_s, end_s, source="", at=0, punctuation=""):
    return WordTime(text, start_s, end_s, at, at + len(source or text), source or text, punctuation)


WORDS = [
    word("it", 0.1, 0.2, "It", 0), word("cost", 0.25, 0.5, "cost", 3), word("twelve", 0.5, 0.8, "$12.50", 8, ""),
    word("dollars", 0.8, 1.2, "$12.50", 8, ""), word("fifty", 1.2, 1.5, "$12.50", 8, ","),
    word("b", 1.7, 1.8, "<b>", 16), word("and", 1.8, 1.9, "&", 20), word("more", 1.9, 2.2, "more", 22, "."),
    word("yes", 2.7, 3.0, "Yes", 28, "!"),
]  # fmt: skip
PHONEMES = [PhonemeTime("<s>", 0.0, 0.1), PhonemeTime("IH1", 0.1, 0.15, 0), PhonemeTime("T", 0.15, 0.2, 0),
            PhonemeTime('"', 0.25, 0.5, 1)]  # fmt: skip


def test_json(tmp_path) -> None:
    write_timestamps(tmp_path / "t.json", WORDS, PHONEMES, 3.5)
    facts = json.loads((tmp_path / "t.json").read_text())
    assert facts["seconds"] == 3.5
    assert [one["word"] for one in facts["words"]] == [one.word for one in WORDS]
    assert facts["words"][0]["phonemes"][1] == {"symbol": "T", "start_s": 0.15, "end_s": 0.2}
    assert facts["pauses"][0]["symbol"] == "<s>"


def test_srt_has_what_was_written_and_a_cue_a_sentence() -> None:
    assert list(srt(WORDS)) == [
        "1", "00:00:00,100 --> 00:00:02,200", "It cost $12.50, <b> & more.", "",
        "2", "00:00:02,700 --> 00:00:03,000", "Yes!", "",
    ]  # fmt: skip


def test_vtt_has_the_time_of_each_word() -> None:
    lines = list(vtt(WORDS))
    assert lines[0] == "WEBVTT"
    start = "It <00:00:00.250>cost <00:00:00.500>$12.50, <00:00:01.700>&lt;b&gt; <00:00:01.800>&amp;"
    assert lines[3].startswith(start)


@given(st.lists(st.tuples(st.integers(1, 12), st.floats(0.01, 2), st.sampled_from(["", ",", ".", "?"])), max_size=40))
def test_cues_fit_and_never_overlap(parts) -> None:
    at, words = 0.0, []
    for number, (length, seconds, sign) in enumerate(parts):
        words.append(word("x" * length, at, at + seconds, at=number * 20, punctuation=sign))
        at += seconds
    shown = list(cues(words))
    assert [one for cue in shown for one in cue] == words
    assert all(len(" ".join(one.source + one.punctuation for one in cue)) <= MOST_CHARACTERS for cue in shown)
    assert all(a[-1].end_s <= b[0].start_s for a, b in pairwise(shown))


def test_a_text_grid_has_no_gaps(tmp_path) -> None:
    write_timestamps(tmp_path / "t.TextGrid", WORDS, PHONEMES, 3.5)
    text = (tmp_path / "t.TextGrid").read_text()
    for tier in text.split("item [")[2:]:
        spans = [(float(a), float(b)) for a, b in re.findall(r"xmin = (\S+)\n\s+xmax = (\S+)\n\s+text", tier)]
        assert spans[0][0] == 0
        assert spans[-1][1] == 3.5
        assert all(first[1] == second[0] for first, second in pairwise(spans))
        assert f"size = {len(spans)}" in tier
    assert 'text = """"' in text  # a quotation mark, doubled


def test_another_suffix_is_refused(tmp_path) -> None:
    with pytest.raises(CallError, match=r"\.json, \.srt, \.vtt, \.TextGrid"):
        write_timestamps(tmp_path / "t.lab", WORDS, PHONEMES, 3.5)


def bursts(rate: int = 22_050) -> Audio:
    """Noise that comes and goes without a period."""
    random = np.random.default_rng(5)
    lengths = random.integers(1000, 9000, size=24)
    parts = [random.normal(0, 0.1, n) if place % 2 else np.zeros(n) for place, n in enumerate(lengths)]
    return Audio.mono(np.concatenate(parts).astype(np.float32), rate)


@pytest.mark.parametrize("head_s", [0.0, 0.0123, 0.6, 5.0])
def test_what_a_preset_pads_is_found(head_s) -> None:
    audio = bursts()
    padded = effect("pad", head_s=head_s, tail_s=1.5)(audio)
    assert moved_s(audio, padded) == pytest.approx(head_s, abs=0.0015)


def test_what_a_preset_cuts_off_is_found_through_compression() -> None:
    audio = bursts()
    cut = Audio(audio.samples[:, 800:], audio.sample_rate)  # its first part is silent
    pressed = effect("compressor", threshold_db=-40.0, ratio=4.0)(cut)
    assert moved_s(audio, pressed) == pytest.approx(-800 / audio.sample_rate, abs=0.0015)


def test_nothing_moves_where_the_length_stays() -> None:
    assert moved_s(bursts(), bursts()) == 0
