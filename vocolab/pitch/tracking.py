"""F0 over time: the path through each frame's candidates that is strong and jumps little."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from vocolab.pitch import candidates as autocorrelation
from vocolab.pitch import yin

Method: TypeAlias = Literal["autocorrelation", "yin"]

_METHODS: dict[Method, Any] = {"autocorrelation": autocorrelation, "yin": yin}
"""Modules that find candidates: `ENOUGH_HZ`, a rate at which all that they look at is still there; `VOICING`, the
strength from which on a frame is voiced; `window_samples`; `candidates`."""


@dataclass(frozen=True)
class PitchOptions:
    """What a path costs. The kinds of costs are Boersma's (1993), for steps of 10 ms, and scaled to other steps.

    Attributes:
        lowest_hz: Of F0.
        highest_hz: Of F0.
        method: What finds the candidates. "autocorrelation" had fewer gross errors than "yin", at the same share of
            voiced frames, on all speech that it was measured on: docs/features.md.
        voicing: Strength of the candidate "unvoiced"; None is the method's own.
        silence: Frames whose peak is below this share of the loudest one's count as unvoiced.
        octave: Strength that a candidate gains an octave, so that the true F0 wins against its subharmonics.
        jump: Cost of an octave from frame to frame.
        onset: Cost of a change between voiced and unvoiced.
        count: How many candidates a frame has.
    """

    lowest_hz: float = 55.0
    highest_hz: float = 600.0
    method: Method = "autocorrelation"
    voicing: float | None = None
    silence: float = 0.003
    octave: float = 0.01
    jump: float = 1.5
    onset: float = 0.3
    count: int = 8


def track(
    audio: NDArray[np.float32], sample_rate: int, hop_samples: int, options: PitchOptions = PitchOptions(), *,
    first_sample: float | None = None, frames: int | None = None,
) -> NDArray[np.float32]:
    """F0 in Hz, 0 where unvoiced, of (..., samples): at the middle of every whole hop, (..., samples // hop_samples).

    `first_sample` and `frames` ask for other moments: frame i is at `first_sample + i * hop_samples`.
    """
    count = audio.shape[-1] // hop_samples if frames is None else frames
    method = _METHODS[options.method]
    if count == 0 or audio.size == 0:
        return np.zeros((*audio.shape[:-1], count), dtype=np.float32)
    signals = np.ascontiguousarray(audio, dtype=np.float32).reshape(-1, audio.shape[-1])
    factor = max(1, int(sample_rate // method.ENOUGH_HZ))
    rate = sample_rate / factor
    length = method.window_samples(rate, options.lowest_hz)
    first = hop_samples / 2 if first_sample is None else first_sample
    starts = np.round((first + np.arange(count) * hop_samples) / factor).astype(np.int64)
    lower = _decimated(signals, factor)
    behind = max(length, int(starts[-1]) + length - lower.shape[1])
    padded = np.pad(lower, ((0, 0), (length // 2, behind)))
    cut = np.lib.stride_tricks.sliding_window_view(padded, length, axis=1)[:, starts].reshape(-1, length)
    found = method.candidates(
        cut, rate, lowest_hz=options.lowest_hz, highest_hz=options.highest_hz, count=options.count
    )
    peaks = np.abs(cut[:, length // 3 : -length // 3]).max(axis=1).reshape(len(signals), count)
    loudness = peaks / np.maximum(peaks.max(axis=1, keepdims=True), 1e-9)
    shape = (len(signals), count, options.count)
    scale = 0.01 * sample_rate / hop_samples  # Boersma's costs are for steps of 10 ms
    voicing = method.VOICING if options.voicing is None else options.voicing
    path = _path(found.f0_hz.reshape(shape), found.strength.reshape(shape), loudness, options, (voicing, scale))
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
    voicing_and_scale: tuple[float, float],
) -> NDArray[np.float32]:
    """The best path, by Viterbi, of candidates (signals, frames, count); state 0 is unvoiced."""
    voicing, scale = voicing_and_scale
    signals, frames, count = f0_hz.shape
    octaves = np.log2(f0_hz / options.lowest_hz)
    silent = np.maximum(0, 2 - loudness / (options.silence / (1 + voicing)))
    value = np.full((signals, frames, count + 1), -9.0, dtype=np.float32)
    value[..., 0] = voicing + silent
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
