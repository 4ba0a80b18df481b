"""Pulses: every harmonic below half the rate at the same strength, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from vocolab_harmonic.pulses import gate, phases, pulses, running

RATE, HOP = 22_050, 256


def steady(f0_hz: float, frames: int = 172) -> np.ndarray:
    at_samples, phase = phases(torch.full((1, frames), f0_hz), RATE, HOP)
    return pulses(at_samples, phase, RATE)[0].numpy()


@pytest.mark.parametrize("f0_hz", [60.0, 113.7, 220.0, 487.3])
def test_the_sum_is_that_of_all_harmonics(f0_hz: float) -> None:
    phase = 2 * np.pi * f0_hz * np.arange(1, 172 * HOP + 1) / RATE
    count = RATE / 2 / f0_hz
    weights = [min(1.0, count - k) for k in range(1, int(count) + 1)]
    wanted = sum(weight * np.cos(k * phase) for k, weight in enumerate(weights, 1)) * np.sqrt(2 / count)
    np.testing.assert_allclose(steady(f0_hz), wanted, atol=2e-3 * np.abs(wanted).max())


@pytest.mark.parametrize("f0_hz", [60.0, 220.0, 500.0])
def test_about_unit_power(f0_hz: float) -> None:
    assert np.sqrt(np.mean(steady(f0_hz) ** 2)) == pytest.approx(1.0, abs=0.1)


def test_nothing_lies_between_the_harmonics_of_a_glide_from_aliases() -> None:
    """Aliases of a rising pitch fall: nothing moves against the harmonics below half of the lowest one."""
    f0 = torch.linspace(300, 420, 172)[None]
    samples = pulses(*phases(f0, RATE, HOP), RATE)[0].numpy()
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(samples.size)))
    hz = np.fft.rfftfreq(samples.size, 1 / RATE)
    below = spectrum[hz < 200].max() / spectrum[(hz > 300) & (hz < 420)].max()
    assert 20 * np.log10(below) < -60


def test_harmonics_come_and_go_gently_at_half_the_rate() -> None:
    """As F0 rises the highest harmonic fades before it would pass half the rate: no sample jumps."""
    f0 = torch.linspace(4_000, 6_000, 172)[None]  # two harmonics, then one
    at_samples, phase = phases(f0, RATE, HOP)
    samples = pulses(at_samples, phase, RATE)[0].numpy()
    crossing = int(np.argmin(np.abs(at_samples[0].numpy() - RATE / 4)))
    near = np.convolve(samples**2, np.ones(64) / 64, mode="same")
    assert near[crossing - 20] == pytest.approx(near[crossing + 20], rel=0.35)


def test_pulses_reach_two_frames_beyond_voicing_at_the_nearest_f0() -> None:
    f0 = torch.tensor([[0.0, 0, 0, 0, 200, 210, 0, 0, 0, 0, 0]])
    assert gate(f0).tolist() == [[0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0]]
    assert running(f0)[0, 1:9].tolist() == [200, 200, 200, 200, 210, 210, 210, 210]
