from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vocolab.audio import Audio
from vocolab.catalog import Catalog
from vocolab.errors import OptionError
from vocolab.mels.conventions import convention, convention_names
from vocolab.mels.extract import extract
from vocolab.mels.filters import mel_filters, spectrum_gain
from vocolab.mels.inversion import MelInversion
from vocolab.mels.scaling import natural_log
from vocolab.spectral.frames import Frames
from vocolab_griffinlim.options import GriffinLimOptions
from vocolab_griffinlim.phases import random_phases
from vocolab_griffinlim.pseudo_inverse import PseudoInverse
from vocolab_griffinlim.vocoder import GriffinLim

HIFIGAN = convention("hifigan-22k")
EXACT = 1e-5


def speech(sample_rate: int, seconds: float = 1.0) -> Audio:
    """Gliding harmonics under an envelope, over a noise floor."""
    t = np.arange(round(seconds * sample_rate)) / sample_rate
    phase = 2 * np.pi * np.cumsum(150 + 30 * np.sin(8 * t)) / sample_rate
    voice = sum(np.sin(k * phase) / k for k in range(1, 30))
    noise = np.random.default_rng(0).standard_normal(t.size)
    return Audio.mono(0.1 * np.clip(np.sin(19 * t) + 0.4, 0, 1) * voice + 1e-3 * noise, sample_rate)


def griffinlim(name: str = "hifigan-22k", **options: float) -> GriffinLim:
    return GriffinLim(GriffinLimOptions(**options), None, convention(name))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", convention_names())
def test_mels_of_every_convention_come_back(name: str) -> None:
    spec = convention(name)
    mel = extract(speech(spec.sample_rate), spec)
    samples = griffinlim(name).render(mel.values)
    assert samples.shape == (mel.frames * spec.hop_samples,) and samples.dtype == np.float32
    again = extract(Audio.mono(samples, spec.sample_rate), spec).values[:, : mel.frames]
    levels = natural_log(mel.values, spec)
    silence = levels.max() - 12 * spec.power if spec.log_base == "none" else natural_log(spec.silence, spec)
    loud = levels > 0.5 * (levels.max() + silence)
    assert np.abs(natural_log(again, spec) - levels)[loud].mean() < 0.15 * spec.power


@pytest.mark.parametrize("name", ["hifigan-22k", "tacotron2-22k", "pwg-24k", "studio-48k"])
@pytest.mark.parametrize("frames", [1, 2, 3, 37])
def test_lengths_are_exact(name: str, frames: int) -> None:
    spec = convention(name)
    mel = np.random.default_rng(0).uniform(-4, 0, (spec.n_mels, frames)).astype(np.float32)
    samples = griffinlim(name, iterations=2).render(mel)
    assert samples.shape == (frames * spec.hop_samples,) and np.isfinite(samples).all()


@pytest.mark.parametrize("name", ["hifigan-22k", "diffwave-22k", "vocos-24k"])
def test_a_tone_keeps_pitch_level_and_place(name: str) -> None:
    spec = convention(name)
    rate = spec.sample_rate
    t = np.arange(rate) / rate
    samples = np.where((t > 0.4) & (t < 0.7), 0.3 * np.sin(2 * np.pi * 600 * t), 0.0)
    rendered = griffinlim(name).render(extract(Audio.mono(samples, rate), spec).values)
    part = rendered[int(0.45 * rate) : int(0.65 * rate)]
    spectrum = np.abs(np.fft.rfft(part * np.hanning(part.size), 8 * part.size))
    assert spectrum.argmax() * rate / (8 * part.size) == pytest.approx(600, rel=0.06)  # a band's width
    assert 20 * np.log10(part.std() / (0.3 / np.sqrt(2))) == pytest.approx(0, abs=1.0)
    energy = np.cumsum(rendered**2) / np.sum(rendered**2)
    middle = np.searchsorted(energy, 0.5) / rate
    assert middle == pytest.approx(0.55, abs=0.006)


def test_silence_stays_silent() -> None:
    samples = griffinlim().render(np.full((80, 40), HIFIGAN.silence, dtype=np.float32))
    assert np.abs(samples).max() < 1e-3


def test_seeds() -> None:
    mel = extract(speech(22_050, 0.5), HIFIGAN).values
    vocoder = griffinlim(iterations=3)
    np.testing.assert_array_equal(vocoder.render(mel, seed=4), vocoder.render(mel, seed=4))
    assert np.abs(vocoder.render(mel, seed=4) - vocoder.render(mel, seed=5)).max() > 0.01


@settings(max_examples=12, deadline=None)
@given(
    st.sampled_from(["hifigan-22k", "tacotron2-22k", "pwg-24k"]),
    st.integers(0, 4), st.sets(st.integers(1, 99), max_size=4), st.integers(0, 1000),
)
def test_chunks_equal_the_whole_at_any_cuts(name: str, iterations: int, cuts: set[int], seed: int) -> None:
    spec = convention(name)
    vocoder = griffinlim(name, iterations=max(iterations, 1), momentum=0.99)
    mel = np.random.default_rng(seed).uniform(-8, 0, (spec.n_mels, 100)).astype(np.float32)
    whole = vocoder.render(mel, seed=seed)
    edges = [0, *sorted(cuts), 100]
    for start, stop in pairwise(edges):
        samples = slice(start * spec.hop_samples, stop * spec.hop_samples)
        np.testing.assert_allclose(chunk(vocoder, mel, start, stop, seed), whole[samples], atol=EXACT)


def test_chunks_equal_the_whole_after_sixty_iterations() -> None:
    """Griffin-Lim magnifies small differences, so this holds only where frames come out the same to the last bit."""
    vocoder = griffinlim()
    mel = np.tile(extract(speech(22_050, 2.0), HIFIGAN).values, 4)
    whole = vocoder.render(mel)
    assert vocoder.context_frames == 61 * 3
    for start, stop in ((0, 100), (301, 333), (640, mel.shape[1])):
        np.testing.assert_allclose(chunk(vocoder, mel, start, stop, 0), whole[start * 256 : stop * 256], atol=EXACT)


def test_the_context_is_what_the_iterations_reach() -> None:
    """A frame just inside of the context matters, one outside does not."""
    vocoder = griffinlim(iterations=2)
    rng = np.random.default_rng(0)
    mel = rng.uniform(-6, 0, (80, 80)).astype(np.float32)
    whole, context = vocoder.render(mel), vocoder.context_frames
    changed = mel.copy()
    changed[:, 40] = 0.5
    moved = np.abs(vocoder.render(changed) - whole).reshape(80, 256).max(axis=1) > 0
    reached = np.flatnonzero(moved)
    assert 40 - context <= reached[0] <= 40 - context + 3
    assert 40 + context - 3 <= reached[-1] <= 40 + context


def chunk(vocoder: GriffinLim, mel: np.ndarray, start: int, stop: int, seed: int) -> np.ndarray:
    """Frames `start` to `stop`, rendered with their context alone."""
    first, last = max(0, start - vocoder.context_frames), min(mel.shape[1], stop + vocoder.context_frames)
    samples = vocoder.render(np.ascontiguousarray(mel[:, first:last]), first_frame=first, seed=seed)
    hop = vocoder.mel_spec.hop_samples
    return samples[(start - first) * hop : (stop - first) * hop]


def test_iterations_and_momentum_bring_it_closer() -> None:
    mel = extract(speech(22_050), HIFIGAN).values
    magnitudes = MelInversion(HIFIGAN)(mel)

    def distance(**options: float) -> float:
        """Spectral convergence of the rendering, frames at the edges left out."""
        samples = griffinlim(**options).render(mel)
        views = np.lib.stride_tricks.sliding_window_view(np.pad(samples, 384), 1024)[::256]
        spectrum = np.abs(np.fft.rfft(views * (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(1024) / 1024))))
        inner = slice(5, -5)
        return float(np.linalg.norm(spectrum[inner] - magnitudes[inner]) / np.linalg.norm(magnitudes[inner]))

    few, plain, fast = distance(iterations=4), distance(iterations=60, momentum=0.0), distance(iterations=60)
    assert fast < plain < few
    assert fast < 0.2


@pytest.mark.parametrize("name", convention_names())
def test_magnitudes_have_the_mel_that_was_given(name: str) -> None:
    spec = convention(name)
    mel = extract(speech(spec.sample_rate), spec).values
    magnitudes = MelInversion(spec)(mel)
    assert magnitudes.min() >= 0
    reached = mel_filters(spec).any(axis=0)
    assert not magnitudes[:, ~reached].any()
    wanted = natural_log(mel, spec)
    measured = np.log(mel_filters(spec) @ (magnitudes.T * spectrum_gain(spec)) ** spec.power + 1e-12)
    some = mel_filters(spec).any(axis=1)  # of 128 HTK bands and 201 bins, the lowest hold none
    assert np.abs(measured - wanted)[some].mean() < 0.02 * spec.power


@pytest.mark.parametrize("name", ["hifigan-22k", "speechbrain-22k"])
def test_the_pseudo_inverse_is_the_least_squares_solution_without_what_is_negative(name: str) -> None:
    spec = convention(name)
    mel = extract(speech(spec.sample_rate), spec).values
    filters = mel_filters(spec).astype(np.float64)
    levels = np.exp(natural_log(mel, spec).astype(np.float64))
    wanted = np.maximum(np.linalg.lstsq(filters, levels, rcond=None)[0], 0.0)
    power = (PseudoInverse(spec)(mel).T.astype(np.float64) * spectrum_gain(spec)) ** spec.power
    np.testing.assert_allclose(power, wanted, atol=1e-4 * wanted.max())


def test_the_exact_inversion_is_closer_to_the_mel_than_the_pseudo_inverse() -> None:
    recording = speech(HIFIGAN.sample_rate)
    mel = extract(recording, HIFIGAN)
    distances = []
    for inversion in ("exact", "pseudo-inverse"):
        rendered = griffinlim(iterations=20, inversion=inversion).render(mel.values)  # type: ignore[arg-type]
        again = extract(Audio.mono(rendered, HIFIGAN.sample_rate), HIFIGAN).values
        distances.append(np.abs(again - mel.values).mean())
    assert distances[0] < 0.7 * distances[1]


def test_frames_add_up_to_the_signal_that_they_were_cut_from() -> None:
    for name in ("hifigan-22k", "pwg-24k", "studio-48k"):
        frames = Frames.of_mel(convention(name), 20)
        signal = np.random.default_rng(0).standard_normal(frames.samples).astype(np.float32)
        views = np.lib.stride_tricks.sliding_window_view(signal, frames.window.size)[:: frames.hop]
        assert len(views) == 20
        total = np.zeros_like(signal)
        frames.add(total, 0, views * frames.window**2)
        inner = slice(frames.window.size // 2, -frames.window.size // 2)
        np.testing.assert_allclose((total * frames.norm())[inner], signal[inner], atol=1e-5)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 400), st.integers(1, 200), st.integers(0, 2**64))
def test_phases_belong_to_their_frame(first: int, frames: int, seed: int) -> None:
    phases = random_phases(seed, first, frames, 9)
    np.testing.assert_allclose(np.abs(phases), 1, atol=1e-6)
    np.testing.assert_array_equal(phases, random_phases(seed, 0, first + frames, 9)[first:])


def test_phases_are_spread_and_differ() -> None:
    phases = random_phases(0, 0, 300, 50)
    assert abs(phases.mean()) < 0.05
    assert len(np.unique(phases.round(6))) > 14_000


def test_it_is_installed_and_takes_its_convention_from_the_caller() -> None:
    catalog = Catalog.installed()
    vocoder = catalog.vocoders.create("griffinlim", {"iterations": 5}, None, convention("vocos-24k"))
    assert vocoder.mel_spec == convention("vocos-24k")
    assert catalog.vocoders.create("griffinlim", {}, None, None).mel_spec == HIFIGAN
    with pytest.raises(OptionError, match="iterations"):
        catalog.vocoders.create("griffinlim", {"iterations": 0}, None, None)


def test_the_plugin_module_is_light() -> None:
    code = "import sys, vocolab_griffinlim.plugin; print(*({'scipy', 'torch', 'soxr'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "\n"


@pytest.mark.slow
def test_real_speech_is_intelligible_and_close(shared: Path) -> None:
    """Figures over six prompts: PESQ-WB 3.35, STOI 0.986."""
    from vocolab.metrics import pesq_wb, stoi

    pytest.importorskip("pesq")
    folder = shared / "data" / "kathleen"
    names = (folder / "validation.txt").read_text().split()[:2]
    for name in names:
        recorded = Audio.load(folder / "flac" / f"{name}.flac")
        mel = extract(recorded, HIFIGAN)
        rendered = Audio.mono(griffinlim().render(mel.values), 22_050)
        assert pesq_wb(recorded, rendered) > 3.0
        assert stoi(recorded, rendered) > 0.97
