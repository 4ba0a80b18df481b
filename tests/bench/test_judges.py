"""The judges: how they are asked, what is said where they are not built, and what they hear where they are."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from judges_fakes import fake_environment

from vocolab.audio import Audio
from vocolab.bench.clips import all_clips
from vocolab.bench.judges.client import WORKER, Judges
from vocolab.bench.judges.environment import REQUIREMENTS, judges_folder, judges_python
from vocolab.errors import AudioError, DependencyMissing, PluginError

NOISE = Audio.mono((0.1 * np.random.default_rng(0).standard_normal(48_000)).astype(np.float32), 48_000)


@pytest.fixture
def fakes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOCOLAB_JUDGES", str(fake_environment(tmp_path / "judges")))


def test_where_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOCOLAB_CACHE", "/cache/vocolab")
    monkeypatch.delenv("VOCOLAB_JUDGES", raising=False)
    assert judges_folder() == Path("/cache/vocolab/judges")
    monkeypatch.setenv("VOCOLAB_JUDGES", "/mine")
    assert judges_folder() == Path("/mine")


def test_without_them_one_line_says_how_to_build_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOCOLAB_JUDGES", str(tmp_path / "none"))
    with pytest.raises(DependencyMissing, match=r"not built: no environment in .*none; 'make judges'"):
        Judges()


def test_those_of_other_versions_are_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scores of two versions of a judge do not belong in one table."""
    folder = fake_environment(tmp_path / "judges")
    monkeypatch.setenv("VOCOLAB_JUDGES", str(folder))
    assert judges_python() == folder / "bin" / "python"
    (folder / "vocolab-judges").write_text("another hash")
    with pytest.raises(DependencyMissing, match="other versions"):
        judges_python()


def test_every_requirement_has_one_version() -> None:
    lines = [line.partition("#")[0].strip() for line in REQUIREMENTS.read_text().splitlines()]
    assert [line for line in lines if line and not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []


def test_audio_reaches_them_as_one_channel_at_16_khz(fakes: None) -> None:
    stereo = Audio(np.concatenate([NOISE.samples, NOISE.samples]), 48_000)
    with Judges() as judges:
        assert judges.distillmos(stereo) == 4.25
        assert judges.speaker_similarity(stereo, NOISE) == 0.9


def test_what_they_refuse_is_about_the_audio(fakes: None) -> None:
    with Judges() as judges:
        with pytest.raises(AudioError, match="too short"):
            judges.distillmos(Audio(NOISE.samples[:, :4800], 48_000))
        with pytest.raises(AudioError, match="silence"):
            judges.distillmos(Audio.mono(np.zeros(48_000, np.float32), 48_000))
        assert judges.distillmos(NOISE) == 4.25  # and goes on


def test_a_worker_that_dies_is_said_to_have(fakes: None) -> None:
    with Judges() as judges, pytest.raises(PluginError, match="ended without an answer"):
        judges.transcript(NOISE, "en")


@pytest.fixture(scope="module")
def judges() -> object:
    try:
        built = Judges()
    except DependencyMissing as error:
        pytest.skip(str(error))
    with built:
        yield built


@pytest.mark.slow
def test_distillmos_and_the_encoder_hear_noise(judges: Judges, shared: Path) -> None:
    first, second = (Audio.load(clip) for clip in all_clips(shared / "data" / "ljspeech", 2))
    hiss = 0.03 * np.random.default_rng(0).standard_normal(first.samples.shape)
    noisy = Audio((first.samples + hiss).astype(np.float32), first.sample_rate)
    assert judges.distillmos(first) > 3.9
    assert judges.distillmos(noisy) < judges.distillmos(first) - 1
    assert judges.speaker_similarity(first, second) > 0.75
    man = Audio.load(next((shared / "data" / "speakers" / "flac").glob("163-*.flac")))
    assert judges.speaker_similarity(first, man) < 0.65


@pytest.mark.slow
def test_whisper_hears_the_words(judges: Judges, shared: Path) -> None:
    heard = judges.transcript(Audio.load(all_clips(shared / "data" / "ljspeech", 1)[0]), "en", "tiny.en")
    assert len(heard.split()) > 3


@pytest.mark.slow
def test_the_worker_judges_files_by_hand(judges: Judges, shared: Path) -> None:
    clip = all_clips(shared / "data" / "ljspeech", 1)[0]
    run = subprocess.run([str(judges_python()), str(WORKER), str(clip)], capture_output=True, text=True, check=True)
    score, mean = (line.split()[0] for line in run.stdout.splitlines())
    assert score == mean
    assert float(score) == pytest.approx(judges.distillmos(Audio.load(clip)), abs=0.05)  # soxr's quality differs
