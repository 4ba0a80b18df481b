"""Features of known sounds, at the frames of the mel."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab.errors import AudioError, CallError
from vocolab.features import Features, measure_features
from vocolab.features.storage import save_features
from vocolab.mels.conventions import convention
from vocolab.mels.extract import extract
from vocolab.mels.spec import MelSpec
from vocolab.pictures.features import plot_features

RATE = 22_050
CENTRED = MelSpec(sample_rate=RATE, n_fft=1024, win_samples=1024, hop_samples=256, n_mels=80, fmax_hz=8000,
                  padding="center")


def tone(f0_hz: float, seconds: float = 1.0, amplitude: float = 0.1, rate: int = RATE) -> Audio:
    time_s = np.arange(round(seconds * rate)) / rate
    harmonics = sum(np.sin(2 * np.pi * k * f0_hz * time_s) / k for k in range(1, 15))
    return Audio.mono((amplitude * harmonics).astype(np.float32), rate)


@pytest.mark.parametrize("spec", [convention("hifigan-22k"), CENTRED], ids=["hifigan", "centred"])
@pytest.mark.parametrize("samples", [256, 1000, 22_050, 22_200])
def test_there_is_one_value_for_each_frame_of_the_mel(spec: MelSpec, samples: int) -> None:
    audio = Audio.mono(tone(150, 2).samples[0, :samples], RATE)
    features = measure_features(audio, spec)
    assert {features.frames, features.energy.size, features.level_dbfs.size, features.time_s.size} == {
        extract(audio, spec).frames}


def test_pitch_voicing_and_level_of_a_tone() -> None:
    features = measure_features(tone(200), convention("hifigan-22k"))
    inner = slice(4, -4)
    assert features.voiced[inner].all()
    np.testing.assert_allclose(features.f0_hz[inner], 200, rtol=0.005)
    rms = np.sqrt(np.mean(tone(200).samples**2))
    np.testing.assert_allclose(features.level_dbfs[inner], 20 * np.log10(rms), atol=0.3)


def test_energy_is_the_length_of_the_magnitude_spectrum_of_the_frame() -> None:
    spec = convention("hifigan-22k")
    audio = Audio.mono(np.random.default_rng(0).normal(0, 0.1, RATE).astype(np.float32), RATE)
    features = measure_features(audio, spec)
    frame = 40
    first = frame * spec.hop_samples - spec.front_samples
    window = np.hanning(spec.n_fft + 1)[:-1]
    spectrum = np.fft.rfft(audio.samples[0, first : first + spec.n_fft] * window)
    assert features.energy[frame] == pytest.approx(np.linalg.norm(np.abs(spectrum)), rel=1e-4)


def test_the_onset_is_where_it_is_heard() -> None:
    sound = np.concatenate([np.zeros(RATE // 2, np.float32), tone(180, 0.5).samples[0]])
    for spec in (convention("hifigan-22k"), CENTRED):
        features = measure_features(Audio.mono(sound, RATE), spec)
        assert features.time_s[np.argmax(features.voiced)] == pytest.approx(0.5, abs=0.03)
        assert features.time_s[np.argmax(features.level_dbfs > -30)] == pytest.approx(0.5, abs=0.03)


def test_level_moves_energy_and_not_pitch() -> None:
    loud, soft = (measure_features(tone(170, amplitude=a), convention("hifigan-22k")) for a in (0.2, 0.02))
    np.testing.assert_allclose(loud.f0_hz, soft.f0_hz, rtol=1e-3)
    np.testing.assert_allclose(loud.level_dbfs - soft.level_dbfs, 20, atol=1e-2)
    np.testing.assert_allclose(loud.energy, 10 * soft.energy, rtol=1e-3)


def test_silence_is_unvoiced_and_at_the_floor() -> None:
    features = measure_features(Audio.mono(np.zeros(RATE, np.float32), RATE), convention("hifigan-22k"))
    assert not features.voiced.any() and not features.energy.any()
    assert (features.level_dbfs == -120).all()
    assert features.facts()["pitch"]["median_hz"] is None and features.facts()["voiced_level_dbfs"] is None


def test_another_rate_and_two_channels() -> None:
    mono = tone(150, rate=48_000).samples[0]
    features = measure_features(Audio(np.stack([mono, mono]), 48_000), convention("hifigan-22k"))
    np.testing.assert_allclose(features.f0_hz[4:-4], 150, rtol=0.005)


def test_too_short_is_refused() -> None:
    with pytest.raises(AudioError, match="255 samples at 22050 Hz are too short: one frame takes 256 samples"):
        measure_features(Audio.mono(np.ones(255, np.float32), RATE), convention("hifigan-22k"))


# Files


@pytest.fixture(scope="module")
def features() -> Features:
    return measure_features(tone(200, 0.3), convention("hifigan-22k"))


def test_files_hold_what_was_measured(features: Features, tmp_path: Path) -> None:
    for suffix in ("npz", "json", "csv"):
        save_features(features, tmp_path / f"f.{suffix}")
    with np.load(tmp_path / "f.npz", allow_pickle=False) as arrays:
        np.testing.assert_array_equal(arrays["f0_hz"], features.f0_hz)
        assert json.loads(str(arrays["mel_spec"]))["hop_samples"] == 256
    document = json.loads((tmp_path / "f.json").read_text())
    assert document["frames"] == features.frames == len(document["energy"])
    rows = list(csv.DictReader((tmp_path / "f.csv").read_text().splitlines()))
    np.testing.assert_allclose([float(row["level_dbfs"]) for row in rows], features.level_dbfs, rtol=1e-5)


def test_another_suffix_is_refused(features: Features, tmp_path: Path) -> None:
    with pytest.raises(CallError, match=r"features are written as \.npz, \.json, \.csv"):
        save_features(features, tmp_path / "f.txt")


def test_a_picture(features: Features, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    plot_features(features, extract(tone(200, 0.3), features.spec), tmp_path / "f.png", "a tone")
    assert (tmp_path / "f.png").stat().st_size > 10_000
