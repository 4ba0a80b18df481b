"""F0 and voicing read from a mel by NumPy: what `pitch.PitchNetwork` computes, wherever the rest of a voice runs.

The phase of the pulses adds up whatever runtimes round differently in F0. One reader for all of them makes the same
pulses on any engine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vocolab.mels.scaling import silence
from vocolab.mels.spec import MelSpec
from vocolab.networks.array_layers import gelu, normalised
from vocolab.options import make_options
from vocolab.voice import Voice
from vocolab_harmonic.config import HarmonicConfig
from vocolab_harmonic.sizes import (
    AROUND_BINS,
    DILATIONS,
    HORIZON_AHEAD_FRAMES,
    HORIZON_FRAMES,
    JUMP_NATS,
    PITCH_FIRST_KERNEL,
    STEP_BINS,
    VOICED,
    pitch_ahead_frames,
    pitch_context_frames,
)

Floats = NDArray[np.float32]
Tails = list[Floats]
"""What each layer remembers of the frames that it has seen; the arrays themselves are never changed."""

_NEVER = np.float32(-1e9)


class _Layer(NamedTuple):
    """A convolution as one product: taps side by side, (kernel * inputs, outputs)."""

    weight: Floats
    bias: Floats
    kernel: int
    dilation: int
    ahead: int
    """Taps after the row that it gives."""

    @classmethod
    def of(cls, weights: Mapping[str, Floats], name: str, dilation: int = 1, ahead: int = 0) -> _Layer:
        weight = weights[f"{name}.weight"]  # (outputs, inputs, kernel)
        flat = np.ascontiguousarray(weight.transpose(2, 1, 0).reshape(-1, weight.shape[0]))
        return cls(flat, weights[f"{name}.bias"], weight.shape[2], dilation, ahead)

    def after(self, gain: Floats, bias: Floats) -> _Layer:
        """The same for inputs that still are to be multiplied by `gain` and added to `bias`, (inputs,) each."""
        taps = self.weight.reshape(self.kernel, gain.size, -1)
        more = np.einsum("tio,i->o", taps, bias, dtype=np.float64).astype(np.float32)
        return self._replace(weight=(taps * gain[:, None]).reshape(self.weight.shape), bias=self.bias + more)

    @property
    def around(self) -> int:
        """Rows of its input beyond those of its output, both sides together."""
        return (self.kernel - 1) * self.dilation

    @property
    def before(self) -> int:
        """Those of them that come before."""
        return self.around - self.ahead * self.dilation

    def __call__(self, x: Floats, blocks: Sequence[int]) -> Floats:
        """(frames + around, inputs) to (frames, outputs); products are of so many frames at a time."""
        frames = x.shape[0] - self.around
        taps = [x[tap * self.dilation : tap * self.dilation + frames] for tap in range(self.kernel)]
        seen = np.concatenate(taps, axis=1) if len(taps) > 1 else x
        result = np.empty((frames, self.bias.size), np.float32)
        for start, stop in pairwise(accumulate(blocks, initial=0)):
            np.matmul(seen[start:stop], self.weight, out=result[start:stop])
        result += self.bias
        return result


class PitchReader:
    """Reads F0 with a voice's network.

    Args:
        weights: Its tensors in float32; those of the pitch network begin with "pitch.".
        config: The voice's.
        spec: The convention of the mels.
    """

    def __init__(self, weights: Mapping[str, Floats], config: HarmonicConfig, spec: MelSpec) -> None:
        self.spec, self.config = spec, config
        self._first = _Layer.of(weights, "pitch.first", ahead=PITCH_FIRST_KERNEL // 2)
        self._blocks = [
            (_Layer.of(weights, f"pitch.blocks.{i}.conv", dilation, config.pitch_ahead).after(
                weights[f"pitch.blocks.{i}.norm.weight"], weights[f"pitch.blocks.{i}.norm.bias"]),
             _Layer.of(weights, f"pitch.blocks.{i}.out"))
            for i, dilation in enumerate(DILATIONS)
        ]
        self._last = _Layer.of(weights, "pitch.last")
        self._log_hz = np.linspace(np.log(config.lowest_hz), np.log(config.highest_hz), config.pitch_bins)

    @classmethod
    def of(cls, voice: Voice) -> PitchReader:
        """That of a voice for mels.

        Raises:
            OptionError: if its config can't be meant.
        """
        assert voice.mel_spec is not None
        return cls(voice.float32(), make_options(HarmonicConfig, voice.config, "harmonic config"), voice.mel_spec)

    @property
    def ahead_frames(self) -> int:
        """By how many frames F0 is late."""
        return pitch_ahead_frames(self.config)

    def begun(self) -> Tails:
        """What the layers remember after a silence; `follow` keeps it up to date."""
        return list(self._after_silence)

    @cached_property
    def _after_silence(self) -> Tails:
        channels = self._first.bias.size
        tails = [np.zeros((self._first.around, self.spec.n_mels), np.float32)]
        for conv, _ in self._blocks:
            tails += [np.zeros((conv.around, channels), np.float32) for _ in range(2)]
        tails.append(np.zeros((HORIZON_FRAMES + HORIZON_AHEAD_FRAMES, self.config.pitch_bins + 1), np.float32))
        frames = pitch_context_frames(self.config)
        self.follow(silence(self.spec, frames), tails, [frames])
        return tails

    def follow(self, mel: Floats, tails: Tails, blocks: Sequence[int]) -> Floats:
        """F0 in Hz (frames,), 0 where unvoiced, of frames that are `ahead_frames` before those of `mel`.

        It is the mean of the bins around the best path's. Each layer sees each frame once: `tails` has the last rows of
        what each has taken, and gets those of these frames (n_mels, frames). Products of matrices round by how many
        rows they have, so theirs are `blocks`, which add up to the frames; everything else is alike for any number.
        """
        own = iter(range(len(tails)))

        def joined(x: Floats) -> Floats:
            index = next(own)
            whole = np.concatenate([tails[index], x])
            tails[index] = whole[len(whole) - len(tails[index]) :]
            return whole

        centred = (mel.T - np.float32(self.config.mel_offset)) / np.float32(self.config.mel_scale)
        x = self._first(joined(centred), blocks)
        for conv, out in self._blocks:
            seen = joined(normalised(x))
            before = joined(x)[conv.before : conv.before + len(x)]
            x = before + out(gelu(conv(seen, blocks)), blocks)
        return self._chosen(joined(self._last(x, blocks)))

    def _chosen(self, logits: Floats) -> Floats:
        """F0 of all of (frames, bins + 1) but the frames at either end that a path depends on."""
        voiced, bins = _sigmoid(logits[:, -1]), logits[:, :-1]
        scores = _log_shares(bins)
        scores *= voiced[:, None]
        inner = slice(HORIZON_FRAMES, len(logits) - HORIZON_AHEAD_FRAMES)
        best = along_paths(scores)[inner].argmax(axis=1)
        index = np.clip(best - AROUND_BINS, 0, bins.shape[1] - 2 * AROUND_BINS - 1)[:, None]
        index = index + np.arange(2 * AROUND_BINS + 1)
        weight = np.exp(_log_shares(np.take_along_axis(bins[inner], index, axis=1)))
        f0 = np.exp((weight * self._log_hz[index]).sum(axis=1))
        return np.where(voiced[inner] > VOICED, f0, 0.0).astype(np.float32)


def _sigmoid(x: Floats) -> Floats:
    return np.float32(0.5) * (1 + np.tanh(np.float32(0.5) * x))  # type: ignore[no-any-return]


def _log_shares(x: Floats) -> Floats:
    """Of (rows, bins): logarithms of what each bin has of its row. SciPy's takes a tenth of a short call to import."""
    below = x - x.max(axis=1, keepdims=True)
    below -= np.log(np.exp(below).sum(axis=1, keepdims=True))
    return below  # type: ignore[no-any-return]


def along_paths(scores: Floats) -> Floats:
    """For every bin the score of the best path through it, (frames, bins) as the scores: as `pitch.along_paths`."""
    return scores + _before(scores, HORIZON_FRAMES) + _before(scores[::-1], HORIZON_AHEAD_FRAMES)[::-1]


def _before(scores: Floats, horizon_frames: int) -> Floats:
    before = np.zeros_like(scores)
    for _ in range(horizon_frames):
        before[1:] = _moved(before + scores)[:-1]
    return before


def _moved(scores: Floats) -> Floats:
    """The best score from which each bin can be reached within one frame."""
    bins = scores.shape[1]
    padded = np.empty((len(scores), bins + 2 * STEP_BINS), np.float32)
    padded[:, :STEP_BINS] = padded[:, STEP_BINS + bins :] = _NEVER
    padded[:, STEP_BINS : STEP_BINS + bins] = scores
    near = padded
    width = 1
    while width < 2 * STEP_BINS + 1:  # a maximum of twice as many bins from two maxima
        further = min(width, 2 * STEP_BINS + 1 - width)
        near = np.maximum(near[:, :-further], near[:, further:])
        width += further
    return np.maximum(near, scores.max(axis=1, keepdims=True) - np.float32(JUMP_NATS), out=near)
