from __future__ import annotations

import numpy as np
import pytest
from conformance import PUBLISHED
from sounds import babble, tone

from vocolab.audio import Audio
from vocolab.errors import AudioError, MelError
from vocolab.mels import extract as extract_module
from vocolab.mels.conventions import convention, convention_names
from vocolab.mels.extract import extract
from vocolab.mels.filters import hz_to_mel, mel_filters, mel_to_hz
from vocolab.mels.mel import Mel
from vocolab.mels.scaling import natural_log
from vocolab.mels.spec import MelSpec

CONFORMANCE = 1e-4


def centres_hz(spec: MelSpec) -> np.ndarray:
    low, high = hz_to_mel(np.array([spec.fmin_hz, spec.fmax_hz]), spec.mel_scale)
    return mel_to_hz(np.linspace(low, high, spec.n_mels + 2), spec.mel_scale)[1:-1]


@pytest.mark.parametrize(
    ("published", "audio", "name"),
    [
        ("hifigan_80_0_8000", "audio", "hifigan-22k"),
        ("hifigan_80_0_nyquist", "audio", "bigvgan-22k"),
        ("diffwave", "audio", "diffwave-22k"),
        ("vocos", "audio_24k", "vocos-24k"),
    ],
)
def test_mels_are_those_of_the_published_code(published: str, audio: str, name: str) -> None:
    arrays = np.load(PUBLISHED / "mels.npz")
    spec = convention(name)
    mel = extract(Audio.mono(arrays[audio], spec.sample_rate), spec)
    assert mel.values.shape == arrays[published].shape
    given, wanted = (np.exp(natural_log(values.astype(np.float64), spec)) for values in (mel.values, arrays[published]))
    # How a float32 FFT rounds depends on the processor: two may be two steps of a frame's loudest band apart.
    rounding = 2 * np.finfo(np.float32).eps * wanted.max(axis=0)
    close = np.abs(mel.values - arrays[published]) <= CONFORMANCE
    assert (close | (np.abs(given - wanted) <= rounding)).all()
    assert close.mean() > 0.95


@pytest.mark.parametrize("name", convention_names())
@pytest.mark.parametrize("band", [20, 45, 70])
def test_a_tone_is_loudest_in_its_band(name: str, band: int) -> None:
    spec = convention(name)
    mel = extract(tone(float(centres_hz(spec)[band]), spec.sample_rate), spec)
    middle = mel.values[:, mel.frames // 4 : -mel.frames // 4]
    # Adjacent low filters share bins where they are narrower than the resolution.
    assert abs(int(np.median(middle.argmax(axis=0))) - band) <= 1


def test_the_level_of_a_tone_is_the_formulas() -> None:
    """A sine of amplitude A on bin k has |X_k| = A * sum(window) / 2, and half of that beside it (Hann)."""
    spec = convention("melgan-22k")
    frequency_hz = 100 * spec.sample_rate / spec.n_fft
    mel = extract(tone(frequency_hz, spec.sample_rate, level=0.25), spec)
    bins = 0.25 * 512 / 2 * np.array([0.5, 1.0, 0.5])
    wanted = np.log10(np.maximum(mel_filters(spec)[:, 99:102] @ bins, 1e-5))
    audible = wanted > -2
    measured = mel.values[:, mel.frames // 2]
    np.testing.assert_allclose(measured[audible], wanted[audible], atol=2e-3)


@pytest.mark.parametrize("name", convention_names())
def test_a_frame_stands_where_its_padding_says(name: str) -> None:
    spec = convention(name)
    samples = np.zeros(spec.hop_samples * 24)
    at = 12 * spec.hop_samples + (spec.hop_samples // 2 if spec.padding == "hifigan" else 0)
    samples[at] = 1.0
    levels = extract(Audio.mono(samples, spec.sample_rate), spec).values.mean(axis=0)
    assert levels.argmax() == 12
    assert levels[11] == pytest.approx(levels[13], abs=0.02)  # a symmetric window is half a sample off


@pytest.mark.parametrize("name", ["hifigan-22k", "tacotron2-22k", "pwg-24k", "studio-48k"])
@pytest.mark.parametrize("samples", [300, 1023, 1024, 25_601])
def test_the_number_of_frames(name: str, samples: int) -> None:
    spec = convention(name)
    if spec.frames(samples):
        noise = np.random.default_rng(0).standard_normal(samples) * 0.1
        assert extract(Audio.mono(noise, spec.sample_rate), spec).frames == spec.frames(samples)


def test_silence_is_the_conventions_silence() -> None:
    for name in convention_names():
        spec = convention(name)
        values = extract(Audio.mono(np.zeros(6000), spec.sample_rate), spec).values
        # magnitude_eps lifts digital silence a little above the clamp in wide bands.
        assert values.min() >= spec.silence - 1e-4 and values.max() < spec.silence + 3.2 * spec.log_gain


def test_chunks_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    audio, spec = babble(22_050, 2.0), convention("hifigan-22k")
    whole = extract(audio, spec).values
    monkeypatch.setattr(extract_module, "_CHUNK_FRAMES", 7)
    np.testing.assert_allclose(extract(audio, spec).values, whole, atol=1e-5)


def test_other_rates_and_stereo_are_brought_over() -> None:
    spec = convention("hifigan-22k")
    studio = babble(48_000, 1.0)
    mel = extract(studio, spec)
    assert mel.frames == 22_050 // 256
    stereo = Audio(np.concatenate([studio.samples * 1.5, studio.samples * 0.5]), 48_000)
    np.testing.assert_allclose(extract(stereo, spec).values, mel.values, atol=1e-3)
    low = extract(tone(1000, 48_000), spec).values.mean(axis=1)
    assert centres_hz(spec)[low.argmax()] == pytest.approx(1000, rel=0.05)


def test_statistics_normalise() -> None:
    plain = convention("pwg-22k")
    raw = extract(babble(22_050), plain).values
    spec = plain.with_statistics(tuple(raw.mean(axis=1)), tuple(raw.std(axis=1)))
    values = extract(babble(22_050), spec).values
    np.testing.assert_allclose(values.mean(axis=1), 0, atol=1e-3)
    np.testing.assert_allclose(values.std(axis=1), 1, atol=1e-3)


@pytest.mark.parametrize("samples", [1, 2, 5, 100, 255, 383])
def test_audio_shorter_than_the_padding_is_reflected(samples: int) -> None:
    spec = convention("tacotron2-22k")
    mel = extract(Audio.mono(np.full(samples, 0.5), 22_050), spec)
    assert mel.frames == samples // 256 + 1
    assert mel.values[0, 0] > -2  # a constant stays one, however short


def test_audio_that_gives_no_frame_is_refused() -> None:
    with pytest.raises(AudioError, match="too short"):
        extract(Audio.mono(np.zeros(255), 22_050), convention("hifigan-22k"))
    with pytest.raises(AudioError, match="empty"):
        extract(Audio.mono(np.zeros(0), 22_050), convention("tacotron2-22k"))
    with pytest.raises(AudioError, match="NaN"):
        extract(Audio.mono(np.full(5000, np.nan), 22_050), convention("hifigan-22k"))


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (np.zeros((79, 5), np.float32), r"\(80, frames\)"),
        (np.zeros(80, np.float32), r"\(80, frames\)"),
        (np.zeros((80, 0), np.float32), "no frames"),
        (np.full((80, 2), np.nan, np.float32), "NaN"),
        (np.full((80, 2), 1e300), "float32"),
        (np.zeros((80, 2), int), "int"),
    ],
)
def test_a_mel_holds_what_its_convention_says(values: np.ndarray, says: str) -> None:
    with pytest.raises(MelError, match=says):
        Mel(values, convention("hifigan-22k"))


def test_a_mel_knows_its_length() -> None:
    mel = Mel(np.zeros((80, 100)), convention("hifigan-22k"))
    assert mel.values.dtype == np.float32
    assert mel.frames == 100 and mel.seconds == pytest.approx(100 * 256 / 22_050)
