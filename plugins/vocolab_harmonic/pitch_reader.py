"""F0 and voicing read from a mel by NumPy: what `pitch.PitchNetwork` computes, wherever the rest of a voice runs.

The phase of the pulses adds up whatever runtimes round differently in F0. One reader for all of them makes the same
pulses on any engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf, expit, log_softmax, softmax

from vocolab.mels.spec import MelSpec
from vocolab.options import make_options
from vocolab.voice import Voice
from vocolab_harmonic.config import HarmonicConfig
from vocolab_harmonic.sizes import AROUND_BINS, DILATIONS, HORIZON_FRAMES, JUMP_NATS, STEP_BINS, VOICED

Floats = NDArray[np.float32]

_EPSILON = 1e-6  # of the normalisations, as in the network
_NEVER = np.float32(-1e9)


class _Layer(NamedTuple):
    """A convolution as one product: taps side by side, (kernel * inputs, outputs)."""

    weight: Floats
    bias: Floats
    kernel: int
    dilation: int

    @classmethod
    def of(cls, weights: Mapping[str, Floats], name: str, dilation: int = 1) -> _Layer:
        weight = weights[f"{name}.weight"]  # (outputs, inputs, kernel)
        flat = np.ascontiguousarray(weight.transpose(2, 1, 0).reshape(-1, weight.shape[0]))
        return cls(flat, weights[f"{name}.bias"], weight.shape[2], dilation)

    def __call__(self, x: Floats) -> Floats:
        """(frames, inputs) to (frames, outputs), zeros beyond the ends."""
        frames, reach = x.shape[0], self.kernel // 2 * self.dilation
        padded = np.pad(x, ((reach, reach), (0, 0)))
        taps = [padded[tap * self.dilation : tap * self.dilation + frames] for tap in range(self.kernel)]
        result: Floats = np.concatenate(taps, axis=1) @ self.weight + self.bias
        return result


class PitchReader:
    """Reads F0 with a voice's network.

    Args:
        weights: Its tensors in float32; those of the pitch network begin with "pitch.".
        config: The voice's.
        spec: The convention of the mels.
    """

    def __init__(self, weights: Mapping[str, Floats], config: HarmonicConfig, spec: MelSpec) -> None:
        self.spec, self._config = spec, config
        self._first = _Layer.of(weights, "pitch.first")
        self._blocks = [
            (weights[f"pitch.blocks.{i}.norm.weight"], weights[f"pitch.blocks.{i}.norm.bias"],
             _Layer.of(weights, f"pitch.blocks.{i}.conv", dilation), _Layer.of(weights, f"pitch.blocks.{i}.out"))
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

    def f0_hz(self, mel: Floats) -> Floats:
        """F0 in every frame of a mel (n_mels, frames): the mean of bins around the best path's, 0 where unvoiced."""
        logits = self._logits(mel)
        voiced, bins = expit(logits[:, -1]), logits[:, :-1]
        scores = (log_softmax(bins, axis=1) * voiced[:, None]).astype(np.float32)
        best = along_paths(scores).argmax(axis=1)
        index = np.clip(best - AROUND_BINS, 0, bins.shape[1] - 2 * AROUND_BINS - 1)[:, None]
        index = index + np.arange(2 * AROUND_BINS + 1)
        weight = softmax(np.take_along_axis(bins, index, axis=1), axis=1)
        f0 = np.exp((weight * self._log_hz[index]).sum(axis=1))
        return np.where(voiced > VOICED, f0, 0.0).astype(np.float32)

    def _logits(self, mel: Floats) -> Floats:
        """(frames, bins + 1)."""
        centred = (mel - np.float32(self._config.mel_offset)) / np.float32(self._config.mel_scale)
        x = self._first(centred.T)
        for gain, bias, conv, out in self._blocks:
            x = x + out(_gelu(conv(_normalised(x) * gain + bias)))
        return self._last(x)


def along_paths(scores: Floats) -> Floats:
    """For every bin the score of the best path through it, (frames, bins) as the scores: as `pitch.along_paths`."""
    before, after = np.zeros_like(scores), np.zeros_like(scores)
    for _ in range(HORIZON_FRAMES):
        before[1:] = _moved(before + scores)[:-1]
        after[:-1] = _moved(after + scores)[1:]
    return scores + before + after


def _moved(scores: Floats) -> Floats:
    """The best score from which each bin can be reached within one frame."""
    bins = scores.shape[1]
    padded = np.pad(scores, ((0, 0), (STEP_BINS, STEP_BINS)), constant_values=_NEVER)
    near = padded[:, :bins].copy()
    for step in range(1, 2 * STEP_BINS + 1):
        np.maximum(near, padded[:, step : step + bins], out=near)
    return np.maximum(near, scores.max(axis=1, keepdims=True) - np.float32(JUMP_NATS), out=near)


def _normalised(x: Floats) -> Floats:
    apart = x - x.mean(axis=1, keepdims=True)
    result: Floats = apart / np.sqrt(np.mean(apart * apart, axis=1, keepdims=True) + np.float32(_EPSILON))
    return result


def _gelu(x: Floats) -> Floats:
    result: Floats = x * (np.float32(0.5) + np.float32(0.5) * erf(x * np.float32(np.sqrt(0.5))))
    return result
