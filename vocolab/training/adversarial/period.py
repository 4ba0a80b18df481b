"""Multi-period discriminator: the audio folded into rows of a period, so that a column is one phase of it.

Kong, Kim and Bae, "HiFi-GAN" (2020), section 2.3: periods 2, 3, 5, 7, 11; 41.1 M parameters at the published width.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import weight_norm

from vocolab.training.adversarial.layers import Output, channels, scores_and_features

_CHANNELS = (32, 128, 512, 1024, 1024)
_KERNEL, _STRIDE, _LAST_KERNEL = 5, 3, 3


class PeriodDiscriminator(nn.Module):
    """One period: convolutions along the columns, no column sees another."""

    def __init__(self, period: int, width: float = 1.0) -> None:
        super().__init__()
        self.period = period
        sizes = [1, *(channels(published, width) for published in _CHANNELS)]
        strides = [_STRIDE] * (len(_CHANNELS) - 1) + [1]
        self.layers = nn.ModuleList(
            weight_norm(nn.Conv2d(n_in, n_out, (_KERNEL, 1), (stride, 1), padding=(_KERNEL // 2, 0)))
            for n_in, n_out, stride in zip(sizes, sizes[1:], strides, strict=False)
        )
        self.last = weight_norm(nn.Conv2d(sizes[-1], 1, (_LAST_KERNEL, 1), padding=(_LAST_KERNEL // 2, 0)))

    def forward(self, audio: Tensor) -> Output:
        """Scores and features of (batch, samples)."""
        batch, samples = audio.shape
        audio = F.pad(audio[:, None], (0, -samples % self.period), mode="reflect")
        return scores_and_features(audio.view(batch, 1, -1, self.period), self.layers, self.last)
