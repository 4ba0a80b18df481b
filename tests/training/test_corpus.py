"""What can be wrong with a corpus, and what segments promise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fixtures_corpus import RATE_HZ, voiced, write_corpus
from hypothesis import given, settings
from hypothesis import strategies as st

from vocolab.audio import Audio
from vocolab.corpora.findings import Limits
from vocolab.corpora.preparing import Settings, prepare
from vocolab.errors import CorpusError
from vocolab.mels.conventions import convention
from vocolab.training.corpus import Clip, read_corpus
from vocolab.training.segments import SegmentSource
from vocolab.training.tables import DataOptions

SPEC = convention("hifigan-22k")


def tone(frequency_hz: float, seconds: float = 2.0, sample_rate: int = 48_000) -> Clip:
    time_s = np.arange(round(seconds * sample_rate)) / sample_rate
    samples = (3000 * np.sin(2 * np.pi * frequency_hz * time_s)).astype(np.int16)
    return Clip("tone", samples, sample_rate)


def test_validation_clips_are_never_trained_on(tmp_path: Path) -> None:
    corpus = read_corpus(write_corpus(tmp_path / "c"))
    assert [clip.name for clip in corpus.validation] == ["clip2"]
    assert [clip.name for clip in corpus.train] == ["clip0", "clip1"]


def test_clips_that_cannot_be_used_are_left_out_and_named(tmp_path: Path) -> None:
    folder = write_corpus(tmp_path / "c")
    Audio.mono(np.zeros(RATE_HZ, np.float32), RATE_HZ).save(folder / "wav" / "silent.wav", bit_depth=16)
    voiced(0.1, 9).save(folder / "wav" / "short.wav", bit_depth=16)
    (folder / "wav" / "text.wav").write_text("not audio")
    stereo = np.repeat(voiced(1.0, 4, 48_000).samples, 2, axis=0)
    Audio(stereo, 48_000).save(folder / "wav" / "stereo48k.wav", bit_depth=16)
    with (folder / "metadata.csv").open("a") as file:
        file.write("silent|x|1\nshort|x|0.1\ntext|x|1\nmissing|x|1\nstereo48k|x|1\n")
    lines: list[str] = []
    corpus = read_corpus(folder, lines.append)
    assert len(corpus.skipped) == 4
    assert [line.removeprefix("left out ") for line in lines[:4]] == corpus.skipped
    assert lines[4:] == ["1 of 4 clips mixed down to mono"]
    for name, reason in (("silent", "silence"), ("short", "too short"), ("text", "text"), ("missing", "missing")):
        assert any(line.startswith(f"{name}:") for line in corpus.skipped), (name, reason)
    assert any(clip.name == "stereo48k" and clip.sample_rate == 48_000 for clip in corpus.train)


def test_a_folder_without_metadata_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"metadata\.csv"):
        read_corpus(tmp_path)


def test_a_corpus_without_validation_is_refused(tmp_path: Path) -> None:
    folder = write_corpus(tmp_path / "c")
    (folder / "validation.txt").write_text("\n")
    with pytest.raises(CorpusError, match="no clip to validate with"):
        read_corpus(folder)


def raw(folder: Path, rates: list[int], texts: list[str] | None = None, *, channels: int = 1) -> Path:
    """A clip a rate, no validation.txt."""
    (folder / "wavs").mkdir(parents=True)
    lines = []
    for index, rate in enumerate(rates):
        samples = np.repeat(voiced(0.5, index, rate).samples, channels, axis=0)
        Audio(samples, rate).save(folder / "wavs" / f"c{index}.wav", bit_depth=16)
        lines.append(f"c{index}|{texts[index] if texts else f'Sentence {index}.'}\n")
    (folder / "metadata.csv").write_text("".join(lines))
    return folder


def test_without_a_validation_txt_clips_are_held_out_as_a_preparation_does(tmp_path: Path) -> None:
    folder = raw(tmp_path / "raw", [RATE_HZ] * 31)
    lines: list[str] = []
    corpus = read_corpus(folder, lines.append)
    assert len(corpus.train) == 29 and len(corpus.validation) == 2
    limits = Limits(shortest_s=0.1, noise_dbfs=0.0, longest_s=9.0)
    report = prepare(folder, tmp_path / "features", SPEC, Settings(limits=limits, trim_db=None))
    assert {clip.name for clip in corpus.validation} == report.held_out
    assert lines == [f"{folder} has no validation.txt: 2 of 31 clips are held out, whole prompts, as 'vocolab data "
                     "prepare' chooses them"]
    (folder / "validation.txt").write_text("c0\n")
    assert [clip.name for clip in read_corpus(folder).validation] == ["c0"]
    (tmp_path / "features" / "validation.txt").unlink()
    with pytest.raises(CorpusError, match="prepared corpus needs this file and it is gone"):
        read_corpus(tmp_path / "features")


def test_held_out_clips_share_no_text_with_the_others(tmp_path: Path) -> None:
    texts = ["One.", "one", "Two.", "two!", "Three.", "three"]
    corpus = read_corpus(raw(tmp_path / "raw", [RATE_HZ] * 6, texts))
    held_out = {clip.name for clip in corpus.validation}
    assert held_out in ({"c0", "c1"}, {"c2", "c3"}, {"c4", "c5"})


def test_one_text_cannot_be_split(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"same text.*or name clips in validation\.txt"):
        read_corpus(raw(tmp_path / "raw", [RATE_HZ] * 2, ["Yes.", "yes"]))


def noted(folder: Path, **what: float) -> list[str]:
    lines: list[str] = []
    read_corpus(folder, lines.append, **what)  # type: ignore[arg-type]
    return [line for line in lines if "validation.txt" not in line]


def test_channels_and_rates_that_lack_the_band_are_counted(tmp_path: Path) -> None:
    folder = raw(tmp_path / "raw", [8_000, 8_000, 16_000, RATE_HZ, 48_000], channels=2)
    (folder / "validation.txt").write_text("c0\n")
    assert noted(folder, sample_rate=RATE_HZ) == [
        "5 of 5 clips mixed down to mono",
        "2 of 5 clips at 8000 Hz: empty above 4000 Hz, below the convention's band, which goes to 11025 Hz",
        "1 of 5 clips at 16000 Hz: empty above 8000 Hz, below the convention's band, which goes to 11025 Hz",
    ]
    assert noted(folder, sample_rate=8_000) == ["5 of 5 clips mixed down to mono"]


def test_a_slower_playback_that_the_recordings_have_no_band_for_is_told(tmp_path: Path) -> None:
    folder = raw(tmp_path / "raw", [RATE_HZ, 27_563, 27_562, 48_000, RATE_HZ])
    (folder / "validation.txt").write_text("c4\n")
    assert noted(folder, sample_rate=RATE_HZ) == []
    (line,) = noted(folder, sample_rate=RATE_HZ, slowest=DataOptions().slowest)
    assert line.startswith("2 of 4 clips to train on are at 22050 Hz: played as slowly as")
    assert "(0.8)" in line and "empty above 8820 Hz of 11025 Hz" in line and "--sample-rate 27563" in line


def test_how_slow_a_recipe_plays() -> None:
    assert DataOptions().slowest == 0.8
    assert DataOptions(rate_share=0.0).slowest == 1.0
    assert DataOptions(rate=(1.1, 1.2)).slowest == 1.0


def source(clip: Clip, **data: object) -> SegmentSource:
    options = DataOptions.model_validate({"gain_db": (0.0, 0.0), "rate_share": 0.0, **data})
    return SegmentSource([clip], SPEC, options, segment_frames=32, seed=5)


def test_a_step_sees_the_same_whenever_it_is_asked_for() -> None:
    segments = source(tone(440.0), gain_db=(-6.0, 6.0), rate_share=0.5)
    seventh = segments.batch(7, 4)
    segments.batch(8, 4)
    np.testing.assert_array_equal(segments.batch(7, 4), seventh)
    assert not np.array_equal(segments.batch(8, 4), seventh)
    assert seventh.shape == (4, 31 * SPEC.hop_samples + SPEC.n_fft)


@pytest.mark.parametrize("rate", [0.8, 1.0, 1.25])
def test_a_playback_rate_moves_the_pitch_by_itself(rate: float) -> None:
    segments = source(tone(1000.0, seconds=4.0), rate=(rate, rate), rate_share=1.0)
    middle = segments.batch(2, 8)[:, 2000:7000]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(5000), axis=1)).sum(axis=0)
    peak_hz = np.argmax(spectrum) * SPEC.sample_rate / 5000
    assert peak_hz == pytest.approx(1000 * rate, abs=5)


@settings(max_examples=20, deadline=None)
@given(start=st.integers(-5000, 5000), n=st.integers(1, 3000))
def test_outside_of_a_recording_there_is_silence(start: int, n: int) -> None:
    clip = Clip("ramp", np.arange(1, 2001, dtype=np.int16), 22_050)
    piece = clip.cut(start, n)
    for index in range(0, n, 97):
        position = start + index
        expected = (position + 1) / 32768 if 0 <= position < 2000 else 0.0
        assert piece[index] == pytest.approx(expected)


def test_gain_never_exceeds_full_scale() -> None:
    segments = source(tone(440.0), gain_db=(60.0, 60.0))
    assert np.abs(segments.batch(0, 8)).max() <= 0.951


def noise() -> Clip:
    values = np.random.default_rng(2).integers(-8000, 8000, 4 * SPEC.sample_rate)
    return Clip("noise", values.astype(np.int16), SPEC.sample_rate)


def test_a_band_limited_segment_ends_where_it_is_told_to() -> None:
    segments = source(noise(), band_limit_share=1.0, band_limit_hz=(4000.0, 4000.0))
    inner = segments.batch(0, 4)[:, 500:-500]
    spectrum = np.abs(np.fft.rfft(inner * np.hanning(inner.shape[1]))).mean(axis=0)
    hertz = np.fft.rfftfreq(inner.shape[1], 1 / SPEC.sample_rate)
    below, above = spectrum[hertz < 3900], spectrum[hertz > 4200]
    assert above.mean() < 0.01 * below.mean()


def test_only_the_share_is_band_limited_and_without_one_nothing_changes() -> None:
    plain, limited = source(noise()), source(noise(), band_limit_share=0.3)
    untouched = sum(
        np.allclose(segment, other, atol=1e-6)
        for step in range(10)
        for segment, other in zip(plain.batch(step, 1), limited.batch(step, 1), strict=True)
    )
    assert 4 <= untouched <= 9
