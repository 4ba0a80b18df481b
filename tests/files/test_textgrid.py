"""TextGrids: there and back, both text formats, and files that are none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vocolab.errors import CorpusError
from vocolab.files.textgrid import Interval, TextGrid, filled, read_textgrid, write_textgrid

LONG = """File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0
xmax = 1.5
tiers? <exists>
size = 3
item []:
    item [1]:
        class = "IntervalTier"
        name = "words"
        xmin = 0
        xmax = 1.5
        intervals: size = 2
        intervals [1]:
            xmin = 0
            xmax = 0.5
            text = ""
        intervals [2]:
            xmin = 0.5
            xmax = 1.5
            text = "say ""it"" 3 times <exists>"
    item [2]:
        class = "TextTier"
        name = "clicks"
        xmin = 0
        xmax = 1.5
        points: size = 1
        points [1]:
            number = 0.25
            mark = "click"
    item [3]:
        class = "IntervalTier"
        name = "phones"
        xmin = 0
        xmax = 1.5
        intervals: size = 1
        intervals [1]:
            xmin = 0.0
            xmax = 1.5e0
            text = "AH0"
"""
SHORT = """File type = "ooTextFile"
Object class = "TextGrid"

0
1.5
<exists>
2
"IntervalTier"
"words"
0
1.5
2
0
0.5
""
0.5
1.5
"say ""it"" 3 times <exists>"
"IntervalTier"
"phones"
0
1.5
1
0
1.5
"AH0"
"""
EXPECTED = TextGrid(1.5, {
    "words": (Interval(0, 0.5, ""), Interval(0.5, 1.5, 'say "it" 3 times <exists>')),
    "phones": (Interval(0, 1.5, "AH0"),),
})


@pytest.mark.parametrize("text", [LONG, SHORT], ids=["long", "short"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_both_formats_in_praats_encodings(text: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "a.TextGrid"
    path.write_text(text, encoding=encoding)
    assert read_textgrid(path) == EXPECTED


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(texts, st.lists(st.tuples(st.integers(1, 900), texts), max_size=6), max_size=3))
def test_what_is_written_is_read_again(tiers: dict[str, list[tuple[int, str]]]) -> None:
    import tempfile

    seconds = 10.0
    made = {}
    for name, lengths in tiers.items():
        intervals, at = [], 0
        for length, text in lengths:
            intervals.append(Interval(at / 1000, (at + length) / 1000, text))
            at += length
        made[name] = filled(intervals, seconds)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.TextGrid"
        write_textgrid(path, TextGrid(seconds, made))
        again = read_textgrid(path)
    assert list(again.tiers) == list(made) and again.seconds == seconds
    for name, intervals in made.items():
        for one, other in zip(intervals, again.tiers[name], strict=True):
            assert one.text == other.text
            assert other.start_s == pytest.approx(one.start_s, abs=1e-6)


def test_gaps_are_filled() -> None:
    assert filled([Interval(0.2, 0.4, "a"), Interval(0.4, 0.4, "nothing"), Interval(0.6, 1.0, "b")], 1.0) == (
        Interval(0, 0.2, ""), Interval(0.2, 0.4, "a"), Interval(0.4, 0.6, ""), Interval(0.6, 1.0, "b"))
    assert filled([], 2.0) == (Interval(0, 2, ""),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "ends in the middle"),
        ("{}", "ends in the middle"),
        ('"ooTextFile" "Pitch"', "does not begin with"),
        (LONG[:400], "ends in the middle"),
        (SHORT.replace("\n1.5\n<exists>", "\n-1\n<exists>"), "lasts from 0 to -1 s"),
        (SHORT.replace("\n1.5\n<exists>", "\n1e999\n<exists>"), "lasts from 0 to inf s"),
        (SHORT.replace("<exists>\n2\n", "<exists>\n1e30\n"), "is no count"),
        (SHORT.replace("<exists>\n2\n", "<exists>\n-2\n"), "is no count"),
        (SHORT.replace("<exists>\n2\n", "<exists>\n9999999\n"), "ends in the middle"),
        (SHORT.replace('"phones"', '"words"'), "two tiers are called 'words'"),
        (SHORT.replace('"IntervalTier"\n"phones"', '"PitchTier"\n"phones"'), "class 'PitchTier' is not known"),
        (SHORT.replace("0.5\n1.5\n", "0.2\n1.5\n"), "interval 2 of 'words' lasts from 0.2 to 1.5 s"),
        (SHORT.replace("0\n0.5\n", "0.5\n0.2\n"), "interval 1 of 'words' lasts from 0.5 to 0.2 s"),
        (SHORT.replace('""\n0.5', '7\n0.5'), "a text in quotes should stand where '7' does"),
        (SHORT.replace('"words"\n0\n', '"words"\n"x"\n'), "a number should stand where"),
    ],
)
def test_what_is_no_textgrid_is_refused_in_one_line(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "a.TextGrid"
    path.write_text(text)
    with pytest.raises(CorpusError, match=said) as caught:
        read_textgrid(path)
    assert "a.TextGrid" in str(caught.value) and "\n" not in str(caught.value)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "a.TextGrid"
    path.write_bytes(b"\xff\xfe\x00" + bytes(range(256)))
    with pytest.raises(CorpusError, match=r"a\.TextGrid"):
        read_textgrid(path)
    with pytest.raises(CorpusError, match="can't be read"):
        read_textgrid(tmp_path / "missing.TextGrid")
