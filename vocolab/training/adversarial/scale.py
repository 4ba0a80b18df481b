"""Multi-scale discriminator: the audio as it is, and averaged down by 2 and by 4.

Kumar et al., "MelGAN" (2019), with the sizes of Kong, Kim and Bae, "HiFi-GAN" (2020): 29.6 M parameters at 3 scales.
The first scale is held by spectral norm, the others by weight norm.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm, weight_norm

from vocolab.training.adversarial.layers import Output, channels, scores_and_features

_LAYERS = ((128, 15, 1, 1), (128, 41, 2, 4), (256, 41, 2, 16), (512, 41, 4, 16), (1024, 41, 4, 16), (1024, 41, 1, 16),
           (1024, 5, 1, 1))
"""Channels, kernel, stride, groups."""
_LAST_KERNEL = 3
_MOST_GROUPS = 16


class ScaleDiscriminator(nn.Module):
    """The scale of 2 to the power of `halvings`."""

    def __init__(self, halvings: int, width: float = 1.0) -> None:
        super().__init__()
        self.halvings = halvings
        norm = weight_norm if halvings else spectral_norm
        self.layers = nn.ModuleList()
        n_in = 1
        for published, kernel, stride, groups in _LAYERS:
            n_out = channels(published, width, _MOST_GROUPS)
            layer = nn.Conv1d(n_in, n_out, kernel, stride, padding=kernel // 2, groups=groups)
            self.layers.append(norm(layer))
            n_in = n_out
        self.last = norm(nn.Conv1d(n_in, 1, _LAST_KERNEL, padding=_LAST_KERNEL // 2))

    def forward(self, audio: Tensor) -> Output:
        """Scores and features of (batch, samples)."""
        x = audio[:, None]
        for _ in range(self.halvings):
            x = F.avg_pool1d(x, 4, 2, padding=2)
        return scores_and_features(x, self.layers, self.last)
