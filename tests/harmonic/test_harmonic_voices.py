"""The harmonic voices inside: what they are, what they do with sounds that no voice makes, and how near they come."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab.catalog import Catalog
from vocolab.mels.conventions import convention
from vocolab.mels.extract import extract
from vocolab.mels.scaling import silence
from vocolab.metrics import stoi
from vocolab.metrics.noise import NoiseSums, noise_stretches, noise_sums
from vocolab.pitch import PitchOptions, track
from vocolab.rendering import Renderer, open_vocoder
from vocolab_harmonic.training import JUMP, VOICING

VOICES = {"harmonic-22k": "hifigan-22k", "harmonic-48k": "studio-48k"}
UNSEEN = ("163", "332", "1088", "2416")
LARGEST_MB = 16.0
TRACKED = PitchOptions(voicing=VOICING, jump=JUMP)
"""What is voiced is what was in training."""


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.installed(no_plugins=True)


@pytest.fixture(scope="module", params=VOICES)
def renderer(request: pytest.FixtureRequest, catalog: Catalog) -> Renderer:
    return open_vocoder(catalog, voice=request.param)


def sung(*f0_hz: float, rate: int, seconds: float = 1.5) -> Audio:
    """Harmonics of several pitches at once."""
    t = np.arange(round(seconds * rate)) / rate
    total = sum(np.sin(2 * np.pi * f0 * k * t) / k for f0 in f0_hz for k in range(1, int(10_000 / f0)))
    return Audio.mono((0.1 * total).astype(np.float32), rate)


def f0_of(audio: Audio, renderer: Renderer) -> np.ndarray:
    return track(audio.samples[0], audio.sample_rate, renderer.mel_spec.hop_samples, TRACKED)


@pytest.mark.parametrize("name", VOICES)
def test_a_voice_is_small_and_says_what_it_is(name: str, catalog: Catalog) -> None:
    source = catalog.voices.get(name).spec.file
    assert isinstance(source, Path)
    assert source.stat().st_size < LARGEST_MB * 1e6
    voice = catalog.voices.load(name)
    assert voice.mel_spec == convention(VOICES[name])
    assert all(tensor.dtype == np.float16 for tensor in voice.tensors.values())
    for key in ("licence", "trained_on", "steps", "validation", "recipe"):
        assert voice.provenance[key], key
    assert "LibriSpeech" in voice.provenance["trained_on"]
    assert voice.recommended["band_gains"] > 0


def test_the_default_voice_is_for_any_speaker(catalog: Catalog) -> None:
    best = catalog.voices.best()
    assert best is not None and best.spec.name == "harmonic-22k"


def test_silence_stays_silent(renderer: Renderer) -> None:
    rendered = renderer(silence(renderer.mel_spec, 200)).samples
    assert 20 * np.log10(np.sqrt(np.mean(rendered**2)) + 1e-12) < -60


def test_white_noise_has_no_pitch(renderer: Renderer) -> None:
    noise = np.random.default_rng(0).standard_normal(2 * renderer.sample_rate) * 0.05
    heard = Audio.mono(noise.astype(np.float32), renderer.sample_rate)
    rendered = renderer(extract(heard, renderer.mel_spec))
    assert (f0_of(rendered, renderer) > 0).mean() < 0.1


@pytest.mark.parametrize("f0_hz", [110.0, 220.0, 440.0])
def test_a_steady_voice_keeps_its_pitch(f0_hz: float, renderer: Renderer) -> None:
    rendered = renderer(extract(sung(f0_hz, rate=renderer.sample_rate), renderer.mel_spec))
    found = f0_of(rendered, renderer)[10:-10]
    assert (found > 0).mean() > 0.9
    assert np.median(1200 * np.abs(np.log2(found[found > 0] / f0_hz))) < 60


def test_a_chord_does_not_warble(renderer: Renderer) -> None:
    """One path is followed through several pitches: F0 does not change by more than a semitone from frame to frame."""
    heard = sung(261.6, 329.6, 392.0, rate=renderer.sample_rate)
    found = f0_of(renderer(extract(heard, renderer.mel_spec)), renderer)[10:-10]
    moved = 12 * np.abs(np.diff(np.log2(found[found > 0])))
    assert np.count_nonzero(moved > 1) <= 2


@pytest.mark.parametrize("tone_hz", [300.0, 1_000.0, 3_000.0])
def test_a_pure_tone_stays_where_it_is(tone_hz: float, renderer: Renderer) -> None:
    """No voice has one. Whatever it is made of, pulses or noise, it stands in the band of the tone, as loud as it was."""
    t = np.arange(round(1.5 * renderer.sample_rate)) / renderer.sample_rate
    tone = Audio.mono((0.1 * np.sin(2 * np.pi * tone_hz * t)).astype(np.float32), renderer.sample_rate)
    rendered = renderer(extract(tone, renderer.mel_spec)).samples[0][4_096:-4_096]
    power = np.abs(np.fft.rfft(rendered * np.hanning(rendered.size))) ** 2
    hz = np.fft.rfftfreq(rendered.size, 1 / renderer.sample_rate)
    near = np.abs(hz - tone_hz) < 0.1 * tone_hz + 40
    assert power[near].sum() > 0.9 * power.sum()
    assert 20 * np.log10(np.sqrt(2 * np.mean(rendered**2)) / 0.1) == pytest.approx(0.0, abs=3.0)


@pytest.mark.parametrize("semitones", [-4.0, 4.0])
def test_the_pitch_of_a_rendering_shifts(semitones: float, catalog: Catalog) -> None:
    plain = open_vocoder(catalog, voice="harmonic-22k", values={"band_gains": 0})
    shifted = open_vocoder(catalog, voice="harmonic-22k", values={"pitch_semitones": semitones})
    mel = extract(sung(200.0, rate=22_050), plain.mel_spec)
    before, after = (np.median(found[found > 0]) for found in (f0_of(r(mel), r) for r in (plain, shifted)))
    assert 12 * np.log2(after / before) == pytest.approx(semitones, abs=0.2)


@pytest.mark.slow
def test_held_out_speech_reaches_the_floors(renderer: Renderer, shared: Path) -> None:
    """STOI, the pitch that comes out, and noise that does not repeat; of a speaker trained on and of four others."""
    corpus = shared / "data" / "kathleen"
    seen = [corpus / "flac" / f"{name}.flac" for name in (corpus / "validation.txt").read_text().split()[:6]]
    speakers = shared / "data" / "speakers" / "flac"
    unseen = [sorted(speakers.glob(f"{speaker}-*.flac"))[0] for speaker in UNSEEN]
    check(renderer, seen)
    check(renderer, unseen)


def check(renderer: Renderer, paths: list[Path]) -> None:
    hop_s = renderer.mel_spec.hop_samples / renderer.sample_rate
    noise, cents, likeness = NoiseSums(), [], []
    for path in paths:
        recording = Audio.load(path).mono_at(renderer.sample_rate)
        rendered = renderer(extract(recording, renderer.mel_spec))
        likeness.append(stoi(recording, rendered))
        wanted, found = f0_of(recording, renderer), f0_of(rendered, renderer)[: recording.n_samples]
        both = slice(0, min(wanted.size, found.size))
        voiced = (wanted[both] > 0) & (found[both] > 0)
        cents.append(1200 * np.abs(np.log2(found[both][voiced] / wanted[both][voiced])))
        noise = noise + noise_sums(rendered, noise_stretches(recording, hop_s), hop_s)
    assert np.mean(likeness) > 0.95
    assert np.median(np.concatenate(cents)) < 20
    assert noise.repetition < 0.1
