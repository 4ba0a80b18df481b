"""The parts of a WaveGlow flow: the invertible mixing of channels, and the coupling network.

Prenger, Valle and Catanzaro, "WaveGlow" (2018), sections 2.1 and 2.2; the coupling network is a WaveNet without
causality (van den Oord et al., 2016). Parameter names are those of the published checkpoints, weight norm folded.

Everything is laid out (batch, channels, groups).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

_WORST_CONDITION = 1e7  # beyond, float32 has no correct digit left


class Mixing(nn.Module):
    """A 1x1 convolution whose matrix can be inverted (Kingma and Dhariwal, "Glow", 2018, section 3.2)."""

    inverse: Tensor | None

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv1d(channels, channels, 1, bias=False)
        rotation, _ = torch.linalg.qr(torch.randn(channels, channels))
        if not rotation.is_meta:  # shapes without numbers have no sign, and torch would load its compiler for it
            rotation[:, 0] *= torch.linalg.det(rotation).sign()  # a log-determinant needs a positive one
        self.conv.weight.data = rotation[..., None].contiguous()
        self.register_buffer("inverse", None, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, channels, groups) mixed, towards the noise."""
        return self.conv(x)  # type: ignore[no-any-return]

    def reverse(self, x: Tensor) -> Tensor:
        """(batch, channels, groups) mixed back, towards the audio."""
        return F.conv1d(x, self.inverted() if self.inverse is None else self.inverse)

    def log_determinant(self) -> Tensor:
        """ln |det W|, what the mixing of one group adds to the log-likelihood."""
        log_volume: Tensor = torch.linalg.slogdet(self.conv.weight.squeeze(-1))[1]
        return log_volume

    def inverted(self) -> Tensor:
        """The inverse, a convolution's weight as well, computed in float64."""
        inverse: Tensor = torch.linalg.inv(self.conv.weight.squeeze(-1).double())
        return inverse.to(self.conv.weight.dtype)[..., None]

    def is_invertible(self) -> bool:
        """Whether the matrix has an inverse that is worth having in float32."""
        return bool(torch.linalg.cond(self.conv.weight.squeeze(-1).double()) < _WORST_CONDITION)

    def keep_inverse(self) -> None:
        """Compute the inverse once for all calls to come; the weights have to stay as they are from now on."""
        self.inverse = self.inverted().detach()


class CouplingNetwork(nn.Module):
    """What one half of the channels and the mel say about the other half: log scales and offsets ("WN")."""

    def __init__(
        self, halves: int, conditioning: int, *, n_layers: int, n_channels: int, kernel_size: int
    ) -> None:
        super().__init__()
        width = n_channels
        self.width, self.n_layers = width, n_layers
        self.start = nn.Conv1d(halves, width, 1)
        self.cond_layer = nn.Conv1d(conditioning, 2 * width * n_layers, 1)
        self.in_layers = nn.ModuleList(
            nn.Conv1d(width, 2 * width, kernel_size, dilation=2**layer, padding=2**layer * (kernel_size - 1) // 2)
            for layer in range(n_layers)
        )
        self.res_skip_layers = nn.ModuleList(
            nn.Conv1d(width, 2 * width if layer < n_layers - 1 else width, 1) for layer in range(n_layers)
        )
        self.end = nn.Conv1d(width, 2 * halves, 1)

    def forward(self, x: Tensor, conditioning: Tensor) -> tuple[Tensor, Tensor]:
        """Offset and log scale, each (batch, halves, groups), from the same and (batch, conditioning, groups)."""
        x = self.start(x)
        skipped: Tensor | None = None
        for layer, res_skip in enumerate(self.res_skip_layers):
            added = res_skip(self._gated(x, conditioning, layer))
            if layer < self.n_layers - 1:
                x = x + added[:, : self.width]
                added = added[:, self.width :]
            skipped = added if skipped is None else skipped + added
        offset, log_scale = self.end(skipped).chunk(2, dim=1)
        return offset, log_scale

    def _gated(self, x: Tensor, conditioning: Tensor, layer: int) -> Tensor:
        """One layer's dilated convolution, its own share of the conditioning added, and the gate.

        The shares of all layers at once would be the largest thing in memory by far.
        """
        width, batch = self.width, x.shape[0]
        rows = slice(2 * width * layer, 2 * width * (layer + 1))
        share = self.cond_layer.weight[rows, :, 0].expand(batch, -1, -1)
        conv: nn.Conv1d = self.in_layers[layer]  # type: ignore[assignment]
        bias = conv.bias + self.cond_layer.bias[rows]  # type: ignore[operator,index]
        mixed = F.conv1d(x, conv.weight, bias, padding=conv.padding, dilation=conv.dilation)
        mixed = torch.baddbmm(mixed, share, conditioning)
        return torch.tanh(mixed[:, :width]) * torch.sigmoid(mixed[:, width:])
