"""Faults of recordings, made here at a stated strength: what tests of restoration add to clean audio.

All take and give mono float64 samples; a level against speech is against its RMS over what is not silence.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]
_SILENCE_DB = 40.0
_WINDOW_S = 0.02


def speech_rms(samples: Samples, sample_rate: int) -> float:
    """The RMS over the windows of 20 ms that are at most 40 dB under the loudest."""
    n = max(1, round(_WINDOW_S * sample_rate))
    powers = np.square(samples[: len(samples) // n * n]).reshape(-1, n).mean(axis=1)
    return float(np.sqrt(powers[powers >= powers.max() * 10 ** (-_SILENCE_DB / 10)].mean()))


def at_snr(speech: Samples, noise: Samples, snr_db: float, sample_rate: int) -> Samples:
    """`speech` with `noise` under it, so that speech over noise is `snr_db`."""
    noise = noise[: len(speech)]
    wanted = speech_rms(speech, sample_rate) * 10 ** (-snr_db / 20)
    return np.asarray(speech + noise * (wanted / np.sqrt(np.mean(np.square(noise)))))


def coloured(n_samples: int, sample_rate: int, slope_db_per_octave: float, seed: int = 0) -> Samples:
    """Stationary noise whose spectrum falls (or rises) by a slope, from 20 Hz on; 0 is white."""
    white = np.random.default_rng(seed).standard_normal(n_samples)
    frequency_hz = np.maximum(np.fft.rfftfreq(n_samples, 1 / sample_rate), 20.0)
    shape = (frequency_hz / 20.0) ** (slope_db_per_octave / (20 * np.log10(2)))
    return np.asarray(np.fft.irfft(np.fft.rfft(white) * shape, n_samples))


def hum(n_samples: int, sample_rate: int, mains_hz: float = 50.0, harmonics: int = 10, *, drift_hz: float = 0.0,
        fall_db: float = 3.0, seed: int = 0) -> Samples:
    """Mains hum: `harmonics` lines, each `fall_db` under the one before, that wander by `drift_hz` over 20 s."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(n_samples) / sample_rate
    phase = 2 * np.pi * np.cumsum(mains_hz + drift_hz * np.sin(2 * np.pi * time_s / 20)) / sample_rate
    lines = (10 ** (-fall_db * (k - 1) / 20) * np.sin(k * phase + rng.uniform(0, 2 * np.pi))
             for k in range(1, harmonics + 1) if k * (mains_hz + drift_hz) < sample_rate / 2)
    return np.asarray(sum(lines, np.zeros(n_samples)))


def fan(n_samples: int, sample_rate: int, seed: int = 0) -> Samples:
    """A fan: a steady rush that falls with frequency, and the tones of its blades, hardly modulated."""
    time_s = np.arange(n_samples) / sample_rate
    rush = coloured(n_samples, sample_rate, -5.0, seed)
    blades = sum(np.sin(2 * np.pi * 117.0 * k * time_s + k) / k for k in (1, 2, 3))
    return np.asarray(rush / rush.std() * (1 + 0.1 * np.sin(2 * np.pi * 1.3 * time_s)) + 0.25 * blades)


def street(n_samples: int, sample_rate: int, seed: int = 0) -> Samples:
    """A street: a far rumble, and cars that pass, each for some seconds, brighter as they are near."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(n_samples) / sample_rate
    rumble, bright = (coloured(n_samples, sample_rate, slope, seed + 1 + k) for k, slope in enumerate((-6.0, -3.0)))
    near = np.zeros(n_samples)
    for at_s in np.arange(0, n_samples / sample_rate + 4, 4.0) + rng.uniform(-1.5, 1.5):
        near += rng.uniform(0.5, 1.5) * np.exp(-0.5 * np.square((time_s - at_s) / rng.uniform(0.8, 1.5)))
    return np.asarray(rumble / rumble.std() * (1 + near) + bright / bright.std() * near)


def babble(voices: list[Samples], n_samples: int) -> Samples:
    """Many talkers at once: each of `voices` at one level, begun at another place, over and over."""
    parts = [np.resize(np.roll(voice, 7919 * k), n_samples) for k, voice in enumerate(voices)]
    return np.asarray(sum(part / part.std() for part in parts))


def si_sdr_db(clean: Samples, other: Samples) -> float:
    """Scale-invariant signal-to-distortion ratio of `other` (Le Roux et al., 2019)."""
    scaled = clean * (clean @ other) / (clean @ clean)
    return float(10 * np.log10(np.sum(np.square(scaled)) / np.sum(np.square(other - scaled))))


def kurtosis_ratio(before: Samples, after: Samples) -> float:
    """Kurtosis of the powers of a spectrogram after over before, of noise alone at 16 kHz: over 1 it sounds like music.

    Y. Uemura et al., "Automatic optimization scheme of spectral subtraction based on musical noise assessment", 2008.
    """
    def kurtosis(samples: Samples) -> float:
        frames = np.lib.stride_tricks.sliding_window_view(samples, 512)[::256] * np.hanning(512)
        powers = np.square(np.abs(np.fft.rfft(frames)))
        powers = powers / powers.mean(axis=0)
        centred = powers - 1
        return float((centred**4).mean() / np.square((centred**2).mean()))

    return kurtosis(after) / kurtosis(before)


def clipped(samples: Samples, share: float) -> Samples:
    """`samples` cut off at the level over which that share of them lies."""
    level = float(np.quantile(np.abs(samples), 1 - share))
    return np.asarray(np.clip(samples, -level, level))


def sdr_db(clean: Samples, other: Samples) -> float:
    """Signal to distortion ratio."""
    return float(10 * np.log10(np.sum(np.square(clean)) / np.sum(np.square(other - clean))))


def room(sample_rate: int, t60_s: float, direct_db: float = 0.0, seed: int = 0) -> Samples:
    """An impulse response: the direct sound, and after 3 ms noise that decays by 60 dB in `t60_s`.

    The direct sound has `direct_db` over the energy of all the rest.
    """
    time_s = np.arange(round(1.2 * t60_s * sample_rate)) / sample_rate
    tail = np.random.default_rng(seed).standard_normal(len(time_s)) * 10 ** (-3 * time_s / t60_s)
    tail[time_s < 0.003] = 0
    tail *= 10 ** (-direct_db / 20) / np.sqrt(np.sum(np.square(tail)))
    tail[0] = 1.0
    return np.asarray(tail)


def in_room(samples: Samples, response: Samples) -> Samples:
    """What is heard of `samples` in a room, as long as they are."""
    n = len(samples) + len(response)
    return np.asarray(np.fft.irfft(np.fft.rfft(samples, n) * np.fft.rfft(response, n), n)[: len(samples)])
