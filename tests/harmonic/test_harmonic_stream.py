"""Streams: parts equal the whole, the phase goes on, noise is of the seed and the absolute sample."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from harmonic_fakes import SPEC, noise_alone, pulses_alone, small, small_voice, some_mel
from hypothesis import given, settings
from hypothesis import strategies as st

from vocolab.pitch import track
from vocolab.rendering.chunks import FIRST_FRAMES
from vocolab_harmonic.options import HarmonicOptions
from vocolab_harmonic.vocoder import Harmonic

FRAMES = 220


@settings(max_examples=15, deadline=None)
@given(st.sets(st.integers(1, FRAMES - 1), max_size=8), st.integers(0, 1000), st.booleans())
def test_parts_equal_the_whole_at_any_partition(cuts: set[int], seed: int, given_f0: bool) -> None:
    vocoder, mel = small(), some_mel(FRAMES, seed=seed)
    f0 = np.random.default_rng(seed).choice([0.0, 90.0, 220.0], FRAMES).astype(np.float32)
    whole = vocoder.render(mel, seed=seed, **({"f0_hz": f0} if given_f0 else {}))
    stream, parts = vocoder.open(seed), []
    for start, stop in pairwise([0, *sorted(cuts), FRAMES]):
        parts.append(stream.push(mel[:, start:stop], f0_hz=f0[start:stop] if given_f0 else None))
    parts.append(stream.finish())
    assert whole.shape == (FRAMES * 256,)
    np.testing.assert_allclose(np.concatenate(parts), whole, atol=1e-5)


@pytest.mark.parametrize("pitch_ahead", [0, 1, 2])
@pytest.mark.parametrize("by_layers", [True, False])
def test_the_first_chunk_comes_with_the_frames_that_it_depends_on(
    pitch_ahead: int, by_layers: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not by_layers:
        monkeypatch.setattr(Harmonic, "_steps", lambda self: None)
    vocoder, mel = Harmonic(HarmonicOptions(), small_voice(pitch_ahead=pitch_ahead)), some_mel(120)
    stream, parts, needed = vocoder.open(), [], FIRST_FRAMES + vocoder.ahead_frames
    for frame in range(120):
        parts.append(stream.push(mel[:, frame : frame + 1]))
        if frame < needed - 1:
            assert parts[-1].size == 0
    assert parts[needed - 1].size >= FIRST_FRAMES * SPEC.hop_samples
    np.testing.assert_allclose(np.concatenate([*parts, stream.finish()]), vocoder.render(mel), atol=1e-5)


def test_frame_by_frame_for_a_minute_the_phase_is_that_of_one_pass() -> None:
    frames = 86 * 60
    vocoder = pulses_alone()
    mel = some_mel(frames, seed=3)
    stream = vocoder.open()
    parts = [stream.push(mel[:, i : i + 97]) for i in range(0, frames, 97)]
    np.testing.assert_allclose(np.concatenate([*parts, stream.finish()]), vocoder.render(mel), atol=1e-5)


@pytest.mark.parametrize("f0_hz", [60.0, 130.0, 240.0, 500.0])
def test_what_comes_out_has_the_f0_that_was_given(f0_hz: float) -> None:
    samples = pulses_alone().render(some_mel(120), f0_hz=np.full(120, f0_hz, np.float32))
    found = track(samples, 22_050, 256)[4:-4]
    assert np.median(1200 * np.abs(np.log2(found / f0_hz))) < 3


@pytest.mark.parametrize("semitones", [-12.0, -3.5, 4.0, 12.0])
def test_the_pitch_shifts_by_semitones(semitones: float) -> None:
    samples = pulses_alone(pitch_semitones=semitones).render(some_mel(120), f0_hz=np.full(120, 200, np.float32))
    found = track(samples, 22_050, 256)[4:-4]
    assert np.median(np.abs(12 * np.log2(found / 200) - semitones)) < 0.05


def test_noise_is_that_of_the_seed_and_never_repeats() -> None:
    vocoder, mel = noise_alone(), some_mel(400)
    silent = np.zeros(400, np.float32)
    one, same, other = (vocoder.render(mel, seed=seed, f0_hz=silent) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.02
    for hops in range(1, 5):
        lag = hops * SPEC.hop_samples
        assert abs(np.corrcoef(one[:-lag], one[lag:])[0, 1]) < 0.02


def test_unvoiced_frames_have_no_pulses() -> None:
    samples = pulses_alone().render(some_mel(60), f0_hz=np.zeros(60, np.float32))
    assert np.sqrt(np.mean(samples**2)) < 0.01


@pytest.mark.parametrize("cuts", [[0, FRAMES], [0, 1, 40, 41, 130, FRAMES]])
def test_another_pitch_comes_out_the_same_at_any_partition(cuts: list[int]) -> None:
    vocoder, mel = small(new_pitch=True), some_mel(FRAMES, seed=5)
    f0 = np.repeat(np.array([0, 150, 0, 300], np.float32), FRAMES // 4)
    whole = vocoder.render(mel, f0_hz=f0)
    assert np.abs(whole - small().render(mel, f0_hz=f0)).max() > 1e-3
    stream = vocoder.open()
    parts = [stream.push(mel[:, start:stop], f0_hz=f0[start:stop]) for start, stop in pairwise(cuts)]
    np.testing.assert_allclose(np.concatenate([*parts, stream.finish()]), whole, atol=1e-5)


def test_another_pitch_is_the_one_that_was_given() -> None:
    samples = pulses_alone(new_pitch=True).render(some_mel(120), f0_hz=np.full(120, 170, np.float32))
    found = track(samples, 22_050, 256)[4:-4]
    assert np.median(1200 * np.abs(np.log2(found / 170))) < 3
