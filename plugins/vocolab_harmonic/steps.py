"""Filters and sources over a stream, each layer keeping the last frames that it has seen. Imports torch."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vocolab.networks.cached import CachedBackbone, CachedISTFT, CachedSTFT, joined
from vocolab_harmonic.network import Filters, HarmonicGenerator

Floats = NDArray[np.float32]


class FilterSteps:
    """Mel, pitch and sources of the next frames in, audio out as soon as it is certain."""

    def __init__(self, network: HarmonicGenerator) -> None:
        self._network, self._device = network, network.istft.window.device
        self._backbone, self._istft = CachedBackbone(network.backbone), CachedISTFT(network.istft)
        self._sources = [CachedSTFT(network.istft), CachedSTFT(network.istft)]
        # What waits for the other: filters look further ahead than windows do.
        self._filters = network.istft.window.new_zeros(0, network.out.out_features)
        nothing = torch.zeros(0, network.istft.n_fft // 2 + 1, dtype=torch.complex64, device=self._device)
        self._spectra = [nothing, nothing]

    @torch.inference_mode()
    def push(
        self, mel: Floats, running_hz: Floats, voiced: Floats, pulses: Floats, noise: Floats, *, last: bool = False
    ) -> Floats:
        """The samples that are certain.

        Args:
            mel: The next frames, (n_mels, frames).
            running_hz: Their F0 and that of the nearest voiced frame, (frames,).
            voiced: 1 where pulses are heard, (frames,).
            pulses: Of these frames, (frames * hop_samples,).
            noise: The same.
            last: Whether none come after.
        """
        network = self._network
        told = network.told(self._tensor(mel.T), self._tensor(running_hz), self._tensor(voiced))
        self._filters = joined(self._filters, network.out(self._backbone.push(told, last=last)))
        new = (stft.push(self._tensor(source), last=last) for stft, source in
               zip(self._sources, (pulses, noise), strict=True))
        self._spectra = [joined(kept, one) for kept, one in zip(self._spectra, new, strict=True)]
        ready = min(len(self._filters), len(self._spectra[0]))
        filters, self._filters = self._filters[:ready], self._filters[ready:]
        spectra = network.mixed(Filters(*filters.chunk(3, dim=1)), *(one[:ready] for one in self._spectra))
        self._spectra = [one[ready:] for one in self._spectra]
        samples: Floats = self._istft.push(spectra, last=last).cpu().numpy()
        return samples

    def _tensor(self, values: Floats) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(values, dtype=np.float32)).to(self._device)
