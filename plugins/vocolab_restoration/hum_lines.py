"""The lines of a hum: the frequency of the fundamental as it drifts, and each line's amplitude and phase in time.

Each line is demodulated along the fundamental and smoothed over seconds, every frame weighted by the inverse of the
power beside the line: where somebody speaks on the pitch of a line, its amplitude is that of the pauses around. How the
smoothed lines still turn says how far the fundamental was off; then they are demodulated again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vocolab_restoration.hum_search import FOUND_SHARE, RATE_HZ, fundamentals_hz

HOP_S = 0.125
LEAST_S = 2.0
"""Nothing is found in less: no pause between two syllables is sure to be in it."""
_WINDOW = RATE_HZ // 2
_HOP = round(HOP_S * RATE_HZ)
_BESIDE_HZ = (-10.0, -8.0, -6.0, 6.0, 8.0, 10.0)
"""Where the window is blind to a steady line."""
_FREQUENCY_WIDTH_S = (3.0, 1.5, 1.0, 0.7)
"""How far around each frame the drift is smoothed, pass by pass: standard deviations."""
_PHASE_WIDTH_S = (0.7, 0.5, 0.5)
"""The same for what is left of its phase."""
_AMPLITUDE_WIDTH_S = 2.0
_DOUBT = 4.0
"""How often a line's power has to be over what chance leaves of the noise beside it, for half of it to be taken."""

Complex = NDArray[np.complex128]
Real = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Hum:
    """The lines in a stretch of a recording. Frames are `HOP_S` apart; lines are the harmonics from the first on."""

    first_s: float
    """Where the first frame is in the recording."""
    phase: Real
    """(frames,) of the fundamental, in radians."""
    amplitudes: NDArray[np.complex64]
    """(channels, lines, frames): what each line is of exp(i k phase)."""

    @property
    def frequency_hz(self) -> Real:
        """(frames,) of the fundamental."""
        return np.asarray(np.gradient(self.phase) / (2 * np.pi * HOP_S))

    @property
    def last_s(self) -> float:
        """Where the last frame is in the recording."""
        return self.first_s + HOP_S * (len(self.phase) - 1)

    def samples(self, channel: int, start: int, n_samples: int, sample_rate: int) -> Real:
        """What the lines sum up to in `n_samples` from `start` on."""
        frames = ((start + np.arange(n_samples)) / sample_rate - self.first_s) / HOP_S
        turn = np.exp(1j * phase_at(self.phase, frames)).astype(np.complex64)
        power = turn.copy()
        total = np.zeros(n_samples, np.float32)
        corners, places = self._corners(frames)
        for line in self.amplitudes[channel][:, corners]:
            if line.any():
                total += (np.interp(frames, places, line) * power).real.astype(np.float32)
            power *= turn
        return total

    def _corners(self, frames: Real) -> tuple[slice, Real]:
        """The frames that samples lie between."""
        last = len(self.phase) - 1
        low, high = (int(np.clip(place, 0, last)) for place in (frames[0], frames[-1] + 1))
        return slice(low, high + 1), np.arange(low, high + 1.0)


def phase_at(phase: Real, frames: Real) -> Real:
    """The phase at places between frames; outside of them its frequency stays what it is at the ends."""
    last = len(phase) - 1
    pace = (phase[-1] - phase[0]) / max(last, 1)
    bend = np.interp(frames, np.arange(last + 1), phase - pace * np.arange(last + 1))
    begin, end = (phase[1] - phase[0], phase[-1] - phase[-2]) if last else (0.0, 0.0)
    outside = (begin - pace) * np.minimum(frames, 0) + (end - pace) * np.maximum(frames - last, 0)
    return np.asarray(bend + pace * frames + outside)


def read_hum(samples: NDArray[np.float32], first_s: float, harmonics: int, mains_hz: tuple[float, ...]) -> Hum | None:
    """The hum in a stretch of some ten seconds to minutes, or None where there is none.

    Args:
        samples: (channels, n) at `RATE_HZ`.
        first_s: Where the stretch begins in the recording.
        harmonics: How many lines are looked for.
        mains_hz: Nominal frequencies that the fundamental may have.
    """
    if samples.shape[1] < LEAST_S * RATE_HZ:
        return None
    coarse, middles_s = fundamentals_hz(samples, harmonics, mains_hz)
    found = np.isfinite(coarse)
    if found.mean() < FOUND_SHARE:
        return None
    # A recording has one mains: segments that say another one are wrong.
    found &= np.abs(coarse - np.nanmedian(coarse)) < 2.0
    n_frames = 1 + (samples.shape[1] - _WINDOW) // _HOP
    times_s = 0.5 * _WINDOW / RATE_HZ + HOP_S * np.arange(n_frames)
    phase = _integrated(np.interp(times_s, middles_s[found], coarse[found]))
    lines = np.arange(1, harmonics + 1)
    for width_s in _FREQUENCY_WIDTH_S:
        phasors, beside = _demodulated(samples, lines, phase)
        phase = phase + _integrated(_residual_hz(phasors, 1 / beside, lines, width_s))
    phasors, beside = _demodulated(samples, lines, phase)
    for width_s in _PHASE_WIDTH_S:
        late = _residual_phase(phasors, 1 / beside, lines, width_s)
        phase = phase + late
        phasors = phasors * np.exp(-1j * lines[:, None] * late)
    amplitudes = _amplitudes(phasors, beside)
    if not amplitudes.any():
        return None
    return Hum(first_s + times_s[0], phase, amplitudes.astype(np.complex64))


def _demodulated(samples: NDArray[np.float32], lines: NDArray[np.int_], phase: Real) -> tuple[Complex, Real]:
    """What each line is of exp(i k phase), (channels, lines, frames), and the power beside it."""
    n_frames = len(phase)
    used = (n_frames - 1) * _HOP + _WINDOW
    turn = np.exp(-1j * phase_at(phase, (np.arange(used) - 0.5 * _WINDOW) / _HOP)).astype(np.complex64)
    kernels = _kernels()
    phasors = np.empty((len(samples), len(lines), n_frames), np.complex128)
    beside = np.empty(phasors.shape)
    power = turn.copy()
    for index in range(len(lines)):
        # Each hop is summed up once for each of the windows that it is in.
        down = (samples[:, :used] * power).reshape(len(samples), -1, _HOP)
        hops = (down @ kernels).reshape(*down.shape[:2], _WINDOW // _HOP, -1)
        values = sum(hops[:, part : part + n_frames, part] for part in range(_WINDOW // _HOP))
        phasors[:, index] = values[..., 0]
        beside[:, index] = np.square(np.abs(values[..., 1:])).mean(axis=-1)
        power *= turn
    # A floor keeps digital silence from being trusted without bounds.
    return phasors, beside + 1e-4 * np.square(np.abs(phasors)).mean(axis=2, keepdims=True) + 1e-18


def _kernels() -> NDArray[np.complex64]:
    """(hop, parts of the window * frequencies): the window on the line, and beside it."""
    time_s = (np.arange(_WINDOW) - _WINDOW / 2) / RATE_HZ
    window = np.hanning(_WINDOW + 1)[:-1] * 4 / _WINDOW
    whole = window[:, None] * np.exp(-2j * np.pi * np.outer(time_s, (0.0, *_BESIDE_HZ)))
    parts = whole.reshape(_WINDOW // _HOP, _HOP, -1).transpose(1, 0, 2)
    return np.ascontiguousarray(parts.reshape(_HOP, -1)).astype(np.complex64)


def _integrated(frequency_hz: Real) -> Real:
    steps = 2 * np.pi * HOP_S * 0.5 * (frequency_hz[1:] + frequency_hz[:-1])
    return np.concatenate([[0.0], np.cumsum(steps)])


def _residual_hz(phasors: Complex, weights: Real, lines: NDArray[np.int_], width_s: float) -> Real:
    """How far the fundamental is from where the lines were demodulated, (frames,)."""
    smooth = _smoothed(phasors, weights, 0.3)
    k = lines[:, None]
    # All lines turn k times as fast as the first: each says how fast, as surely as it stands out.
    pairs = smooth[..., 1:] * np.conj(smooth[..., :-1])
    trust = np.abs(pairs) * np.minimum(weights[..., 1:], weights[..., :-1])
    trust = np.square(np.maximum(trust - 3, 0)) / (trust + 1e-9)
    turns = np.angle(pairs) / (2 * np.pi * HOP_S)
    total = (trust * k**2).sum(axis=(0, 1)) + 1e-9
    residual = (trust * k * turns).sum(axis=(0, 1)) / total
    curve = _smoothed(residual.astype(np.complex128), total, width_s).real
    return np.asarray(np.interp(np.arange(len(curve) + 1), np.arange(len(curve)) + 0.5, curve))


def _residual_phase(phasors: Complex, weights: Real, lines: NDArray[np.int_], width_s: float) -> Real:
    """By how much the fundamental's phase is late of what all lines say, (frames,)."""
    steady = _smoothed(phasors, weights, _AMPLITUDE_WIDTH_S)
    k = lines[:, None]
    alike = phasors * np.conj(steady) * weights
    total = (k**2 * np.square(np.abs(steady)) * weights).sum(axis=(0, 1)) + 1e-9
    late = (k * alike.imag).sum(axis=(0, 1)) / total
    return np.asarray(_smoothed(np.clip(late, -0.5, 0.5).astype(np.complex128), total, width_s).real)


def _amplitudes(phasors: Complex, beside: Real) -> Complex:
    """Smoothed in time, and as much of each as is sure to be a line."""
    weights = 1 / beside
    smooth = _smoothed(phasors, weights, _AMPLITUDE_WIDTH_S)
    # Frames overlap by three quarters, so that about every second one counts.
    chance = 2 / _convolved(weights, _bell(_AMPLITUDE_WIDTH_S)[1])
    sure = 1 / (1 + np.square(_DOUBT * chance / (np.square(np.abs(smooth)) + 1e-30)))
    lasting = sure.mean(axis=2, keepdims=True)
    return np.asarray(smooth * np.where(lasting > 0.3, np.maximum(sure, lasting), 0))


def _bell(width_s: float) -> tuple[Real, Real]:
    """Offsets in frames, and Gaussian weights."""
    reach = round(4 * width_s / HOP_S)
    offsets = np.arange(-reach, reach + 1.0)
    return offsets, np.exp(-0.5 * np.square(offsets * HOP_S / width_s))


def _smoothed(values: Complex, weights: Real, width_s: float) -> Complex:
    """A straight line fitted around each frame with Gaussian weights, (..., frames)."""
    offsets, bell = _bell(width_s)
    weights = weights / weights.max(axis=-1, keepdims=True)
    s0, s1, s2 = (_convolved(weights, bell * offsets**power) for power in range(3))
    t0, t1 = (_convolved(weights * values, bell * offsets**power) for power in range(2))
    determinant = s0 * s2 - s1**2
    is_sure = determinant > 1e-6 * s0**2
    line = (s2 * t0 - s1 * t1) / np.where(is_sure, determinant, 1)
    return np.asarray(np.where(is_sure, line, t0 / (s0 + 1e-30)))


def _convolved(values: NDArray[np.generic], kernel: Real) -> NDArray[np.generic]:
    """What a symmetric or antisymmetric kernel gathers around each frame."""
    from scipy.ndimage import correlate1d

    if np.iscomplexobj(values):
        return np.asarray(_convolved(values.real, kernel) + 1j * _convolved(values.imag, kernel))
    return np.asarray(correlate1d(values, kernel, axis=-1, mode="constant"))
