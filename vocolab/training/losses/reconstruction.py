"""All losses between a rendering and what it should have been, weighted as the `[loss]` table of a recipe says."""

from __future__ import annotations

from torch import Tensor, nn

from vocolab.mels.spec import MelSpec
from vocolab.training.losses.phases import PhaseLoss
from vocolab.training.losses.spectral import MelLoss, SpectralLoss
from vocolab.training.tables import LossOptions


class Reconstruction(nn.Module):
    """What has a weight of 0 is not computed, and not in the log."""

    def __init__(self, spec: MelSpec, weights: LossOptions) -> None:
        super().__init__()
        self.weights = weights
        self.spectral = SpectralLoss(spec.sample_rate, weights) if weights.mel or weights.stft else None
        self.mel_l1 = MelLoss(spec) if weights.mel_l1 else None
        self.phase = PhaseLoss(spec.n_fft, spec.hop_samples) if weights.phase else None

    def forward(self, rendered: Tensor, wanted: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """The loss of (batch, samples) against (batch, samples), and its parts for the log, unweighted."""
        total = rendered.new_zeros(())
        parts: dict[str, Tensor] = {}
        if self.spectral is not None:
            total, parts = self.spectral(rendered, wanted)
        for name, loss in (("mel_l1", self.mel_l1), ("phase", self.phase)):
            if loss is not None:
                parts[name] = loss(rendered, wanted)
                total = total + getattr(self.weights, name) * parts[name]
        return total, {name: part.detach() for name, part in parts.items()}
