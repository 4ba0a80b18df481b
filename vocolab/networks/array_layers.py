"""Layers by NumPy: for what runs where torch is not loaded, or has to round alike whatever runs the rest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_EPSILON = 1e-6
"""Of the normalisations, as in the networks."""


def from_polar(magnitude: Floats, phase: Floats) -> NDArray[np.complex64]:
    """Complex numbers from magnitudes and phases."""
    numbers = np.empty(phase.shape, np.complex64)
    numbers.real, numbers.imag = np.cos(phase), np.sin(phase)
    numbers *= magnitude
    return numbers


def normalised(x: Floats) -> Floats:
    """Each row brought to mean 0 and variance 1: a layer normalisation without its gains and biases."""
    apart: Floats = x - x.mean(axis=1, keepdims=True)
    apart /= np.sqrt(np.einsum("ij,ij->i", apart, apart)[:, None] / np.float32(x.shape[1]) + np.float32(_EPSILON))
    return apart


def gelu(x: Floats) -> Floats:
    """By Abramowitz and Stegun's 7.1.26, which is within 1.5e-7 of the error function and a fraction of its time."""
    size = np.abs(x)
    half = size * np.float32(np.sqrt(0.5))
    t = half * np.float32(0.3275911)
    t += 1
    np.reciprocal(t, out=t)
    series = t * np.float32(1.061405429)
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series += np.float32(factor)
        series *= t
    half *= half
    np.exp(np.negative(half, out=half), out=half)
    series *= half  # 1 - erf of what is above 0
    size *= np.float32(0.5)
    series *= size
    return np.maximum(x, 0) - series  # type: ignore[no-any-return]
