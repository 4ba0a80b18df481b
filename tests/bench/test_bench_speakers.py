"""Clips of many speakers, and files that something else rendered."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab.bench.measures import NO_EXTRAS, measure_file
from vocolab.bench.quality import measure_quality
from vocolab.bench.speakers import clips_by_group, clips_of
from vocolab.bench.subjects import rendered_elsewhere
from vocolab.catalog import Catalog
from vocolab.corpora.splitting import choosing_half, reporting_half
from vocolab.errors import AudioError, CorpusError
from vocolab.mels.conventions import convention

CLIPS = [Path(f"{name}.flac") for name in ("12-a", "12-b", "7-a", "7-b", "7-c", "30-a")]
SPEC = convention("hifigan-22k")


def test_speakers_come_turn_by_turn() -> None:
    """The first four clips are of three speakers and not all of one."""
    names = [clip.stem for clip in clips_of(Path("corpus"), CLIPS, ["12", "7", "30"])]
    assert names == ["12-a", "7-a", "30-a", "12-b", "7-b", "7-c"]


def test_a_speaker_that_is_not_there() -> None:
    with pytest.raises(CorpusError, match=r"no clip of speaker 9; .* of 12, 30, 7"):
        clips_of(Path("corpus"), CLIPS, ["12", "9"])


def test_women_and_men_where_the_corpus_says_so(tmp_path: Path) -> None:
    assert clips_by_group(tmp_path, CLIPS) == {}
    (tmp_path / "speakers.csv").write_text("12|F\n7|M\n")
    assert clips_by_group(tmp_path, CLIPS) == {"women": ["12-a", "12-b"], "men": ["7-a", "7-b", "7-c"]}
    assert clips_by_group(tmp_path, CLIPS[:2]) == {}
    (tmp_path / "speakers.csv").write_text("12|F\n7|tenor\n")
    with pytest.raises(CorpusError, match=r"speakers.csv: line 2: .*ID\|F nor ID\|M"):
        clips_by_group(tmp_path, CLIPS)


@pytest.mark.parametrize("n", [1, 2, 5, 50])
def test_the_halves_share_nothing_and_leave_nothing_out(n: int) -> None:
    names = [f"c{index}" for index in range(n)]
    choosing, reporting = choosing_half(names), reporting_half(names)
    assert sorted({*choosing, *reporting}) == sorted(names)
    if n > 1:
        assert not {*choosing} & {*reporting} and abs(len(choosing) - len(reporting)) <= 1


def speech(seconds: float, rate_hz: int = 22_050) -> Audio:
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    voice = sum(np.sin(2 * np.pi * 150 * k * time_s) / k for k in range(1, 20))
    noise = np.random.default_rng(0).standard_normal(time_s.size)
    return Audio.mono((0.1 * (time_s % 0.4 < 0.2) * voice + 0.01 * noise).astype(np.float32), rate_hz)


def test_files_of_something_else_are_a_row(tmp_path: Path) -> None:
    pytest.importorskip("pesq")
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    clip = tmp_path / "c0.wav"
    speech(1.5).save(clip, bit_depth=16)
    Audio(0.5 * speech(1.5).samples, 22_050).save(theirs / "c0.wav", bit_depth=32)
    subject = rendered_elsewhere(theirs, [clip], SPEC)
    _, row = measure_quality(Catalog.installed(no_plugins=True), [subject], [clip])
    assert row.label == "theirs" and "rtf" not in row.figures and not row.parameters
    assert row.figures["stoi"] > 0.99
    assert all(value == pytest.approx(-6.02, abs=0.05) for value in row.bands_db.values())


def test_files_that_are_missing_or_lie_elsewhere_are_refused(tmp_path: Path) -> None:
    clip, theirs = tmp_path / "c0.wav", tmp_path / "theirs"
    speech(1.0).save(clip, bit_depth=16)
    with pytest.raises(CorpusError, match="no such folder"):
        rendered_elsewhere(theirs, [clip], SPEC)
    theirs.mkdir()
    with pytest.raises(CorpusError, match="for 1 of 1 clips: c0"):
        rendered_elsewhere(theirs, [clip], SPEC)
    speech(1.3).save(theirs / "c0.wav", bit_depth=16)
    with pytest.raises(AudioError, match=r"lasts 1.30 s and its recording 1.00 s"):
        measure_file(theirs / "c0.wav", SPEC, clip, extras=NO_EXTRAS)
