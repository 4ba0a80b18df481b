"""The activations as fast as a CPU lets them be: channels innermost, the ends mended afterwards, the sine in numpy.

Three things make the plain way slow: both padded copies, the grouped convolutions of a sequence whose time is innermost
in memory, and torch's sine. Here a sequence is an image one row high with channels innermost
(`vocolab.networks.channels_last`), for which torch has fast depthwise kernels. They pad with zeros; what the end values
beyond the ends would have added is added to the few samples that miss it.

The snake works on w = s u, where u is the upsampled signal and s the divisor of the sine's square:

    s (u + sin^2(a u) / s) = w + sin^2((a / s) w)

so that both scalings are in the filters' taps and nothing is left but a sine and one product.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vocolab_bigvgan.activation import AntiAliasedSnake
from vocolab_bigvgan.filters import RATIO, TAPS, lowpass_taps
from vocolab_bigvgan.sizes import ACTIVATION_REACH

_BLOCK_ELEMENTS = 1 << 18
"""Numbers that go through an activation together: what they become stays in the processor's cache."""
_PADDING = TAPS // 2 - 1
_MARGIN = ACTIVATION_REACH + 1


class RowSnake(nn.Module):
    """An `AntiAliasedSnake` for inference on the CPU."""

    def __init__(self, plain: AntiAliasedSnake) -> None:
        super().__init__()
        self.channels = plain.channels
        alpha, divisor = (value.detach().double() for value in plain.act.parameters_by_channel())
        taps = torch.from_numpy(lowpass_taps())
        self.up = _by_channel(RATIO * taps, divisor, 0)
        self.down = _by_channel(taps, 1 / divisor, 0)
        self.rate = _by_channel(torch.ones(1).double(), alpha / divisor, 1)
        # Sample n of the upsampled front lacks the taps of all samples before the first: n + 7, n + 9 and n + 11.
        up_lacks = torch.stack([taps[n + TAPS // 2 + 1 :: RATIO].sum() for n in range(_PADDING)])
        down_lacks = torch.stack([taps[: max(_PADDING - RATIO * n, 0)].sum() for n in range(TAPS // 4)])
        self.up_front = _by_channel(RATIO * up_lacks, divisor, 1)
        self.down_front = _by_channel(down_lacks, 1 / divisor, 1)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, channels, time) to the same; torch.inference_mode is taken for granted."""
        row = x.unsqueeze(2).contiguous(memory_format=torch.channels_last)
        time, step = row.shape[-1], max(1, _BLOCK_ELEMENTS // self.channels)
        if time <= step + _MARGIN:
            return self._part(row, True, True).squeeze(2)
        out = torch.empty_like(row)
        for start in range(0, time, step):
            stop = min(start + step, time)
            low, high = max(0, start - _MARGIN), min(time, stop + _MARGIN)
            part = self._part(row[..., low:high], low == 0, high == time)
            out[..., start:stop] = part[..., start - low : stop - low]
        return out.squeeze(2)

    def _part(self, row: Tensor, front: bool, back: bool) -> Tensor:
        """A stretch of the sequence, mended where it begins or ends the whole."""
        high = F.conv_transpose2d(row, self.up, stride=(1, RATIO), padding=(0, _PADDING), groups=self.channels)
        _mend(high, row, self.up_front, front, back)
        turns = high * self.rate
        view = turns.numpy()
        np.sin(view, out=view)
        high.addcmul_(turns, turns)
        low = F.conv2d(high, self.down, stride=(1, RATIO), padding=(0, _PADDING), groups=self.channels)
        _mend(low, high, self.down_front, front, back)
        return low


def with_row_snakes(network: nn.Module) -> nn.Module:
    """`network`, every anti-aliased activation in it replaced by the fast one."""
    for name, child in list(network.named_children()):
        if isinstance(child, AntiAliasedSnake):
            setattr(network, name, RowSnake(child))
        else:
            with_row_snakes(child)
    return network


def _by_channel(values: Tensor, scale: Tensor, axis: int) -> Tensor:
    """(channels, 1, 1, n), or (1, channels, 1, n) with `axis` 1: the outer product of scale and values, in float32."""
    product = (scale[:, None] * values).float()
    return product[:, None, None] if axis == 0 else product[None, :, None]


def _mend(filtered: Tensor, source: Tensor, lacking: Tensor, front: bool, back: bool) -> None:
    """Add what the end values of `source`, going on beyond its ends, would have given; the filter is symmetric."""
    samples = min(lacking.shape[-1], filtered.shape[-1])
    if front:
        filtered[..., :samples] += source[..., :1] * lacking[..., :samples]
    if back:
        filtered[..., -samples:] += source[..., -1:] * lacking[..., :samples].flip(-1)
