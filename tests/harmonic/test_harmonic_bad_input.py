"""Input that no voice gives, and input that voices give at their edges."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from harmonic_fakes import SPEC, pulses_alone, small, small_voice, some_mel

from vocolab.errors import CallError, NoVoice, OptionError
from vocolab.options import make_options
from vocolab.pitch import track
from vocolab.plugins.specs import F0_INPUT, VocoderInput
from vocolab.rendering.renderer import Renderer
from vocolab_harmonic.options import HarmonicOptions
from vocolab_harmonic.plugin import vocolab_vocoders
from vocolab_harmonic.vocoder import Harmonic


def renderer() -> Renderer:
    return Renderer(small(), name="harmonic", inputs=next(iter(vocolab_vocoders())).inputs)


def speech_like(frames: int) -> np.ndarray:
    return np.clip(some_mel(frames), -8, -1)


def test_f0_and_noise_are_declared() -> None:
    inputs = next(iter(vocolab_vocoders())).inputs
    assert inputs[0] == F0_INPUT
    assert inputs[1] == VocoderInput("noise", "sample", inputs[1].meaning)


@pytest.mark.parametrize(
    ("f0_hz", "said"),
    [
        (np.full(19, 100.0), "20"), (np.full(20, -100.0), "-100"), (np.full(20, np.nan), "NaN"),
        (np.full(20, 5_000.0), "5000 Hz"), (np.full(20, 3.0), "3 Hz"), (np.full(20, 20_000.0), "20000"),
    ],
)
def test_f0_that_cannot_be_is_refused(f0_hz: np.ndarray, said: str) -> None:
    with pytest.raises(CallError, match=said):
        renderer()(speech_like(20), f0_hz=f0_hz.astype(np.float32))


@pytest.mark.parametrize("semitones", [60.0, -60.0, 12.5, float("nan")])
def test_a_shift_by_octaves_is_refused(semitones: float) -> None:
    with pytest.raises(OptionError, match="pitch_semitones"):
        make_options(HarmonicOptions, {"pitch_semitones": semitones}, "harmonic")


def test_without_a_voice_nothing_is_rendered() -> None:
    with pytest.raises(NoVoice):
        Harmonic(HarmonicOptions(), None)


@pytest.mark.parametrize("f0_hz", [60.0, 500.0])
def test_low_men_and_children(f0_hz: float) -> None:
    samples = pulses_alone().render(speech_like(100), f0_hz=np.full(100, f0_hz, np.float32))
    found = track(samples, SPEC.sample_rate, SPEC.hop_samples)[4:-4]
    assert np.median(np.abs(1200 * np.log2(found / f0_hz))) < 3


def test_voice_that_begins_or_ends_at_the_edge_of_a_block() -> None:
    """Voicing that changes between two pushes is what it is within one."""
    f0 = np.zeros(200, np.float32)
    f0[64:100], f0[128:140] = 180, 240
    vocoder, mel = small(), some_mel(200)
    whole = vocoder.render(mel, f0_hz=f0)
    for edges in ([0, 64, 100, 128, 140, 200], [0, 63, 101, 127, 141, 200], [0, 66, 102, 200]):
        stream = vocoder.open()
        parts = [stream.push(mel[:, a:b], f0_hz=f0[a:b]) for a, b in pairwise(edges)]
        np.testing.assert_allclose(np.concatenate([*parts, stream.finish()]), whole, atol=1e-5)


@pytest.mark.parametrize("frames", [1, 2, 3, 5])
def test_the_shortest_mels(frames: int) -> None:
    for f0 in (None, np.full(frames, 120, np.float32)):
        samples = small().render(some_mel(frames), **({} if f0 is None else {"f0_hz": f0}))
        assert samples.shape == (frames * SPEC.hop_samples,) and np.isfinite(samples).all()


def test_an_extreme_mel_stays_finite() -> None:
    for value in (-30.0, 10.0):
        assert np.isfinite(small().render(np.full((80, 30), value, np.float32))).all()


def test_weights_of_another_shape_are_refused() -> None:
    from dataclasses import replace

    from vocolab.errors import CheckpointError

    with pytest.raises(CheckpointError, match="does not fit"):
        Harmonic(HarmonicOptions(), replace(small_voice(), config={**small_voice().config, "dim": 24}))
