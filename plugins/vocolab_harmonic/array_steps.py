"""Filters and sources over a stream by NumPy, each layer keeping the last frames that it has seen: `steps` by torch.

For streams on engines, whose graphs keep nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from vocolab.mels.spec import MelSpec
from vocolab.networks.array_backbone import ArrayBackbone, ArrayBackboneStream
from vocolab.networks.array_layers import from_polar
from vocolab.spectral.fourier import Complex, Floats
from vocolab.spectral.streaming import AnalysisStream, SynthesisStream
from vocolab_harmonic.config import HarmonicConfig
from vocolab_harmonic.sizes import F0_OFFSET, F0_SCALE, MAGNITUDE_LIMIT


class ArrayFilters(NamedTuple):
    """The weights of a voice's filters, laid out once."""

    backbone: ArrayBackbone
    out: Floats
    """(dim, 3 bins)"""
    bias: Floats
    scale: np.float32
    """Of sources, so that white noise of unit variance has unit variance in each bin."""
    config: HarmonicConfig
    spec: MelSpec

    @classmethod
    def of(cls, weights: Mapping[str, Floats], config: HarmonicConfig, spec: MelSpec) -> ArrayFilters:
        """Those of a voice with these tensors."""
        energy = float(np.square(AnalysisStream(spec).window, dtype=np.float64).sum())
        out = np.ascontiguousarray(weights["out.weight"].T)
        return cls(ArrayBackbone(weights), out, weights["out.bias"], np.float32(energy**-0.5), config, spec)


class ArraySteps:
    """`stream.Steps` without torch."""

    def __init__(self, filters: ArrayFilters) -> None:
        self._weights, self._backbone = filters, ArrayBackboneStream(filters.backbone)
        self._sources = [AnalysisStream(filters.spec), AnalysisStream(filters.spec)]
        self._synthesis = SynthesisStream(filters.spec)
        # What waits for the other: filters look further ahead than windows do.
        self._filters: Floats = np.zeros((0, filters.bias.size), np.float32)
        self._spectra: list[Complex] = [source.push(np.zeros(0, np.float32)) for source in self._sources]

    def push(
        self, mel: Floats, running_hz: Floats, voiced: Floats, pulses: Floats, noise: Floats, *, last: bool = False
    ) -> Floats:
        """The samples that are certain after the next frames: as `steps.FilterSteps`."""
        weights = self._weights
        features = self._backbone.push(self._told(mel, running_hz, voiced), last=last)
        self._filters = np.concatenate([self._filters, features @ weights.out + weights.bias])
        self._spectra = [
            np.concatenate([kept, stft.push(source, last=last)])
            for kept, stft, source in zip(self._spectra, self._sources, (pulses, noise), strict=True)
        ]
        ready = min(len(self._filters), len(self._spectra[0]))
        spectra = self._mixed(self._filters[:ready], *(one[:ready] for one in self._spectra))
        self._filters, self._spectra = self._filters[ready:], [one[ready:] for one in self._spectra]
        return self._synthesis.push(spectra, last=last)

    def _told(self, mel: Floats, running_hz: Floats, voiced: Floats) -> Floats:
        config = self._weights.config
        centred = (mel.T - np.float32(config.mel_offset)) / np.float32(config.mel_scale)
        log_f0 = voiced * (np.log(running_hz) - np.float32(F0_OFFSET)) / np.float32(F0_SCALE)
        return np.concatenate([centred, log_f0[:, None], voiced[:, None]], axis=1, dtype=np.float32)

    def _mixed(self, filters: Floats, pulses: Complex, noise: Complex) -> Complex:
        most, scale = np.float32(np.log(MAGNITUDE_LIMIT)), self._weights.scale
        harmonic, turn, hiss = np.split(filters, 3, axis=1)
        turned = from_polar(scale * np.exp(np.minimum(harmonic, most)), np.float32(np.pi) * np.tanh(turn))
        mixed: Complex = turned * pulses + scale * np.exp(np.minimum(hiss, most)) * noise
        return mixed
