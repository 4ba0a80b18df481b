"""How much of each frame of a mel is noise: near 0 in vowels, near 1 in fricatives, breath and pauses.

A small network (14 band levels of seven frames, less each frame's mean level, 16 hidden units) that learned from speech
which frames a pitch tracker finds unvoiced, and from coloured noise and harmonic sounds. It sees levels in Hz and in
nats, so that one set of weights serves all conventions. `benchmarks/fit_noisiness.py` is how it was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vocolab.mels.filters import hz_to_mel, mel_filters, mel_to_hz
from vocolab.mels.scaling import natural_log
from vocolab.mels.spec import MelSpec

WEIGHTS = Path(__file__).with_name("noisiness.safetensors")
Weights = Mapping[str, NDArray[np.float32]]
CONTEXT_FRAMES = 3
"""Frames on either side that a frame is judged with."""
_EDGES_HZ = (0, 150, 300, 450, 600, 800, 1000, 1300, 1700, 2200, 2900, 3800, 5000, 6500, 8000)
_LEAST = 1e-7


def noisiness(mel: NDArray[np.float32], spec: MelSpec, weights: Weights | None = None) -> NDArray[np.float32]:
    """The share of noise, 0 to 1, in each frame of a mel (n_mels, frames): shape (frames,).

    `weights` are those of the package where none are given.
    """
    weights = _weights() if weights is None else weights
    hidden = np.tanh(features(band_levels(mel, spec)) @ weights["hidden.weight"].T + weights["hidden.bias"])
    evidence = hidden @ weights["out.weight"].T + weights["out.bias"]
    share: NDArray[np.float32] = 1 / (1 + np.exp(-evidence[:, 0]))
    return share


def band_levels(mel: NDArray[np.float32], spec: MelSpec) -> NDArray[np.float32]:
    """ln of the mean magnitude in each of the 14 bands, (frames, 14), up to a constant of the convention."""
    magnitudes = np.exp(natural_log(mel, spec) / spec.power)
    return np.log(np.maximum(_pooling(spec) @ magnitudes, _LEAST)).T.astype(np.float32)


def features(levels: NDArray[np.float32]) -> NDArray[np.float32]:
    """What the network sees of levels (frames, bands): each frame's shape, with that of its neighbours."""
    shapes = levels - levels.mean(axis=1, keepdims=True)
    padded = np.pad(shapes, ((CONTEXT_FRAMES, CONTEXT_FRAMES), (0, 0)), mode="edge")
    return np.concatenate([padded[i : i + len(levels)] for i in range(2 * CONTEXT_FRAMES + 1)], axis=1)


@lru_cache(maxsize=8)
def _pooling(spec: MelSpec) -> NDArray[np.float64]:
    """From magnitudes of filters to those of the bands: the mean over the filters whose centre is in a band.

    A band without a filter, as above the mel's highest, is that of the nearest one.
    """
    filters = mel_filters(spec).astype(np.float64)
    area = np.maximum(filters.sum(axis=1) ** (1 / spec.power), _LEAST)
    low, high = hz_to_mel(np.array([spec.fmin_hz, spec.fmax_hz]), spec.mel_scale)
    centres_hz = mel_to_hz(np.linspace(low, high, spec.n_mels + 2), spec.mel_scale)[1:-1]
    edges_hz = np.array(_EDGES_HZ, dtype=np.float64)
    inside = (centres_hz >= edges_hz[:-1, None]) & (centres_hz < edges_hz[1:, None])
    middles_hz = (edges_hz[:-1] + edges_hz[1:]) / 2
    nearest = np.abs(centres_hz - middles_hz[:, None]).argmin(axis=1)
    empty = np.flatnonzero(~inside.any(axis=1))
    inside[empty, nearest[empty]] = True
    pooling: NDArray[np.float64] = inside / inside.sum(axis=1, keepdims=True) / area
    return pooling


@lru_cache(maxsize=1)
def _weights() -> Weights:
    from safetensors.numpy import load_file

    return load_file(WEIGHTS)
