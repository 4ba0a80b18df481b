"""Layers on (batch, time, channels) with a mask (batch, time, 1): what is padded stays zero and is not looked at."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

_FIRST_GAIN = 0.1


class ConvBlock(nn.Module):
    """Depthwise convolution over time, then a perceptron a step, added to the input with a learned gain (ConvNeXt)."""

    def __init__(self, dim: int, kernel: int, dilation: int = 1, widening: int = 3) -> None:
        super().__init__()
        self.depthwise = nn.Conv1d(
            dim, dim, kernel, padding=kernel // 2 * dilation, dilation=dilation, groups=dim)
        self.norm = nn.LayerNorm(dim)
        self.widen = nn.Linear(dim, widening * dim)
        self.narrow = nn.Linear(widening * dim, dim)
        self.gain = nn.Parameter(torch.full((dim,), _FIRST_GAIN))

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """(batch, time, dim) to the same."""
        mixed = self.depthwise(x.transpose(1, 2)).transpose(1, 2)
        return (x + self.gain * self.narrow(F.gelu(self.widen(self.norm(mixed))))) * mask  # type: ignore[no-any-return]


class RelativeAttention(nn.Module):
    """Self-attention with a learned bias for each distance up to `reach`: nothing depends on where a symbol stands."""

    def __init__(self, dim: int, heads: int, reach: int) -> None:
        super().__init__()
        self.heads, self.reach = heads, reach
        self.norm = nn.LayerNorm(dim)
        self.queries_keys_values = nn.Linear(dim, 3 * dim)
        self.out = nn.Linear(dim, dim)
        self.distances = nn.Parameter(torch.zeros(heads, 2 * reach + 1))

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """(batch, time, dim) to the same."""
        batch, time, dim = x.shape
        heads = self.queries_keys_values(self.norm(x)).view(batch, time, 3, self.heads, dim // self.heads)
        queries, keys, values = heads.permute(2, 0, 3, 1, 4).unbind(0)
        place = torch.arange(time, device=x.device)
        apart = (place[None] - place[:, None]).clamp(-self.reach, self.reach) + self.reach
        bias = self.distances[:, apart][None] + (mask[:, None, None, :, 0] - 1) * 1e4
        mixed = F.scaled_dot_product_attention(queries, keys, values, attn_mask=bias.to(queries.dtype))
        return (x + self.out(mixed.transpose(1, 2).reshape(batch, time, dim))) * mask  # type: ignore[no-any-return]


class Predictor(nn.Module):
    """Numbers for each step from features and their neighbourhood."""

    def __init__(self, dim: int, width: int, kernel: int, dilations: tuple[int, ...], outputs: int) -> None:
        super().__init__()
        self.enter = nn.Linear(dim, width)
        self.blocks = nn.ModuleList(ConvBlock(width, kernel, dilation) for dilation in dilations)
        self.out = nn.Linear(width, outputs)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """(batch, time, dim) to (batch, time, outputs)."""
        x = self.enter(x) * mask
        for block in self.blocks:
            x = block(x, mask)
        return self.out(x)  # type: ignore[no-any-return]
