"""Vocos over a stream, each layer keeping the last frames that it has seen. Imports torch."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from vocolab.networks.cached import CachedBackbone, CachedISTFT
from vocolab.networks.istft import from_polar
from vocolab_vocos.generator import VocosGenerator


class VocosStream:
    """Mel in, audio out as soon as it is certain: what one pass over the whole gives."""

    def __init__(self, generator: VocosGenerator) -> None:
        self._generator = generator
        self._backbone, self._istft = CachedBackbone(generator.backbone), CachedISTFT(generator.head.istft)

    def push(self, mel: NDArray[np.float32]) -> NDArray[np.float32]:
        """The samples that are certain once the frames (n_mels, frames) have come."""
        return self._run(mel, last=False)

    def finish(self) -> NDArray[np.float32]:
        """The samples that are left."""
        return self._run(np.zeros((self._generator.spec.n_mels, 0), np.float32), last=True)

    @torch.inference_mode()
    def _run(self, mel: NDArray[np.float32], *, last: bool) -> NDArray[np.float32]:
        rows = torch.from_numpy(np.ascontiguousarray(mel.T)).to(self._generator.head.out.weight.device)
        features = self._backbone.push(self._generator.centred(rows), last=last)
        spectrum = from_polar(*self._generator.head.polar(features))
        samples: NDArray[np.float32] = self._istft.push(spectrum, last=last).cpu().numpy()
        return samples
