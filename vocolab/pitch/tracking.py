"""F0 over time: the path through each frame's candidates that is strong and jumps little."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vocolab.pitch.candidates import candidates, window_samples

_ENOUGH_HZ = 5_000
"""A rate at which all that is looked at is still there."""


@dataclass(frozen=True)
class PitchOptions:
    """What a path costs. The kinds of costs are Boersma's (1993), for steps of 10 ms, and scaled to other steps.

    Attributes:
        lowest_hz: Of F0.
        highest_hz: Of F0.
        voicing: Strength of the candidate "unvoiced".
        silence: Frames whose peak is below this share of the loudest one's count as unvoiced.
        octave: Strength that a candidate gains an octave, so that the true F0 wins against its subharmonics.
        jump: Cost of an octave from frame to frame.
        onset: Cost of a change between voiced and unvoiced.
        count: How many candidates a frame has.
    """

    lowest_hz: float = 55.0
    highest_hz: float = 600.0
    voicing: float = 0.25
    silence: float = 0.003
    octave: float = 0.01
    jump: float = 0.7
    onset: float = 0.3
    count: int = 8


def track(
    audio: NDArray[np.float32], sample_rate: int, hop_samples: int, options: PitchOptions = PitchOptions()
) -> NDArray[np.float32]:
    """F0 in Hz at the middle of every whole hop, 0 where unvoiced: (..., samples) to (..., samples // hop_samples)."""
    count = audio.shape[-1] // hop_samples
    if count == 0 or audio.size == 0:
        return np.zeros((*audio.shape[:-1], count), dtype=np.float32)
    signals = np.ascontiguousarray(audio, dtype=np.float32).reshape(-1, audio.shape[-1])
    factor = max(1, int(sample_rate // _ENOUGH_HZ))
    rate = sample_rate / factor
    length = window_samples(rate, options.lowest_hz)
    padded = np.pad(_decimated(signals, factor), ((0, 0), (length // 2, length)))
    starts = np.round((np.arange(count) + 0.5) * (hop_samples / factor)).astype(np.int64)
    windows = np.lib.stride_tricks.sliding_window_view(padded, length, axis=1)[:, starts]
    frames = windows.reshape(-1, length)
    found = candidates(frames, rate, lowest_hz=options.lowest_hz, highest_hz=options.highest_hz, count=options.count)
    peaks = np.abs(frames[:, length // 3 : -length // 3]).max(axis=1).reshape(len(signals), count)
    loudness = peaks / np.maximum(peaks.max(axis=1, keepdims=True), 1e-9)
    shape = (len(signals), count, options.count)
    scale = 0.01 * sample_rate / hop_samples  # Boersma's costs are for steps of 10 ms
    path = _path(found.f0_hz.reshape(shape), found.strength.reshape(shape), loudness, options, scale)
    return path.reshape(*audio.shape[:-1], count)


def _decimated(signals: NDArray[np.float32], factor: int) -> NDArray[np.float32]:
    """(signals, samples) at a lower rate, by cutting the spectrum off."""
    samples = signals.shape[1]
    length = factor * _even(-(-samples // factor))
    spectra = np.fft.rfft(signals, length)[:, : length // factor // 2 + 1]
    return (np.fft.irfft(spectra, length // factor) / factor).astype(np.float32)


def _even(samples: int) -> int:
    """The next length with few prime factors."""
    step = 1 << max(0, samples.bit_length() - 5)
    return -(-samples // (2 * step)) * 2 * step


def _path(
    f0_hz: NDArray[np.float32], strength: NDArray[np.float32], loudness: NDArray[np.float32], options: PitchOptions,
    scale: float,
) -> NDArray[np.float32]:
    """The best path, by Viterbi, of candidates (signals, frames, count); state 0 is unvoiced."""
    signals, frames, count = f0_hz.shape
    octaves = np.log2(f0_hz / options.lowest_hz)
    silent = np.maximum(0, 2 - loudness / (options.silence / (1 + options.voicing)))
    value = np.full((signals, frames, count + 1), -9.0, dtype=np.float32)
    value[..., 0] = options.voicing + silent
    value[..., 1:] = np.where(strength > 0, strength + options.octave * octaves, -9)
    score = value[:, 0]
    back = np.zeros((signals, frames, count + 1), dtype=np.int64)
    for t in range(1, frames):
        cost = np.full((signals, count + 1, count + 1), options.onset * scale, dtype=np.float32)  # from, to
        cost[:, 0, 0] = 0
        cost[:, 1:, 1:] = options.jump * scale * np.abs(octaves[:, t - 1, :, None] - octaves[:, t, None, :])
        total = score[:, :, None] - cost
        back[:, t] = total.argmax(axis=1)
        score = np.take_along_axis(total, back[:, t][:, None], 1)[:, 0] + value[:, t]
    f0 = np.zeros((signals, frames), dtype=np.float32)
    state = score.argmax(axis=1)
    rows = np.arange(signals)
    for t in range(frames - 1, -1, -1):
        f0[:, t] = np.where(state > 0, f0_hz[rows, t, np.maximum(state - 1, 0)], 0)
        state = back[rows, t, state]
    return f0
