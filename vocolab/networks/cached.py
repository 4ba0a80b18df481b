"""Networks at the frame rate over a stream: each layer keeps the last frames that it has seen, and computes none twice.

What comes out is late by the frames that the layers look ahead, and is what one pass over the whole gives: beyond the
first and the last frame each layer finds zeros, as a convolution's padding has it. Imports torch.
"""

from __future__ import annotations

from typing import NamedTuple
from weakref import WeakKeyDictionary

import torch
from torch import Tensor
from torch.nn import functional as F

from vocolab.networks.convnext import Backbone, ConvNeXtBlock
from vocolab.networks.istft import InverseSTFT
from vocolab.networks.packed_products import can_pack, packed, product

_FEW_ROWS = 128
"""That may stay in memory for the few of them that are looked at again: to copy these takes longer."""


def rows_from(rows: Tensor, first: int) -> Tensor:
    """Those from `first` on, to be kept; copied where a view of few would keep many in memory."""
    return rows[first:] if rows.shape[0] <= _FEW_ROWS else rows[first:].clone()


def joined(kept: Tensor, new: Tensor) -> Tensor:
    """The rows of both; no copy where one has none."""
    if not kept.shape[0]:
        return new
    return torch.cat([kept, new]) if new.shape[0] else kept


class Window:
    """The rows that a layer looks at: `reach` on either side of each that it gives."""

    def __init__(self, reach: int, width: int, like: Tensor) -> None:
        self._reach = reach
        self._kept = like.new_zeros(reach, width)

    def around(self, x: Tensor, *, last: bool) -> Tensor:
        """(rows + 2 reach, width) for all rows that can be given once `x` (n, width) has come; fewer rows: none can."""
        behind = [self._kept.new_zeros(self._reach, self._kept.shape[1])] if last else []
        joined = torch.cat([self._kept, x, *behind])
        self._kept = rows_from(joined, max(0, joined.shape[0] - 2 * self._reach))
        return joined


class _LaidOut(NamedTuple):
    """The weights of a backbone's convolutions as streams read them."""

    taps: Tensor
    """Of the first one, (dim, kernel channels), packed where that can be."""
    blocks: list[tuple[ConvNeXtBlock, tuple[Tensor, ...]]]
    """Each block with the taps of its convolution, kernel times (dim,)."""

    @classmethod
    def of(cls, backbone: Backbone) -> _LaidOut:
        blocks = [block for block in backbone.convnext if isinstance(block, ConvNeXtBlock)]
        taps = backbone.embed.weight.permute(0, 2, 1).flatten(1)
        by_tap = [block.dwconv.weight[:, 0].t().contiguous().unbind() for block in blocks]
        return cls(packed(taps) if can_pack(taps) else taps, list(zip(blocks, by_tap, strict=True)))


class _Layouts:
    """Those of the backbones that have streams: to lay weights out takes a tenth of a stream's first block."""

    def __init__(self) -> None:
        self._known: WeakKeyDictionary[Backbone, tuple[tuple[int, int], _LaidOut]] = WeakKeyDictionary()

    def of(self, backbone: Backbone) -> _LaidOut:
        """Laid out anew where the weights have moved to another place, or have been changed."""
        weight = backbone.embed.weight
        version = 0 if weight.is_inference() else weight._version  # inference tensors count no changes
        state, known = (weight.data_ptr(), version), self._known.get(backbone)
        if known is None or known[0] != state:
            with torch.no_grad():
                known = self._known[backbone] = state, _LaidOut.of(backbone)
        return known[1]


_layouts = _Layouts()


class CachedBackbone:
    """A ConvNeXt backbone over a stream of (frames, channels) to (frames, dim)."""

    def __init__(self, backbone: Backbone) -> None:
        embed = backbone.embed
        channels, self._kernel = embed.in_channels, embed.kernel_size[0]
        self._backbone, self._reach = backbone, self._kernel // 2
        laid_out = _layouts.of(backbone)
        self._taps = laid_out.taps
        self._window = Window(self._reach, channels, embed.weight)
        self._blocks = [_CachedBlock(block, taps) for block, taps in laid_out.blocks]

    def push(self, x: Tensor, *, last: bool = False) -> Tensor:
        """The features that are certain once frames (n, channels) have come; with `last`, all that are left."""
        joined = self._window.around(x, last=last)
        frames = max(0, joined.shape[0] - 2 * self._reach)
        taps = [joined[tap : tap + frames] for tap in range(self._kernel)]
        y = self._backbone.norm(product(torch.cat(taps, dim=1), self._taps, self._backbone.embed.bias))
        for block in self._blocks:
            y = block.push(y, last=last)
        return self._backbone.final_layer_norm(y)  # type: ignore[no-any-return]


class _CachedBlock:
    """One block of it. Rows are frames, so that a tap of its convolution is a product with whole rows."""

    def __init__(self, block: ConvNeXtBlock, taps: tuple[Tensor, ...]) -> None:
        conv = block.dwconv
        assert conv.bias is not None
        self._block, self._bias = block, conv.bias
        self._reach = conv.kernel_size[0] // 2
        self._taps = taps
        self._window = Window(self._reach, conv.in_channels, conv.weight)

    def push(self, x: Tensor, *, last: bool) -> Tensor:
        # Not by calls of modules, which for a few frames take as long as their work.
        block, norm = self._block, self._block.norm
        joined = self._window.around(x, last=last)
        frames = max(0, joined.shape[0] - 2 * self._reach)
        y = torch.addcmul(self._bias, joined[:frames], self._taps[0])
        for place, tap in enumerate(self._taps[1:], 1):
            y.addcmul_(joined[place : place + frames], tap)
        y = F.layer_norm(y, norm.normalized_shape, norm.weight, norm.bias, norm.eps)
        y = block.pwconv2.forward(block.act.forward(block.pwconv1.forward(y)))
        return torch.addcmul(joined[self._reach : self._reach + frames], block.gamma, y)


class CachedSTFT:
    """The STFT of a source over a stream, nothing beyond its ends: (samples,) to (frames, n_fft // 2 + 1)."""

    def __init__(self, istft: InverseSTFT) -> None:
        self._istft = istft
        self._kept = istft.window.new_zeros(istft.front_samples)

    def push(self, samples: Tensor, *, last: bool = False) -> Tensor:
        """The spectra of the frames that are whole now."""
        istft = self._istft
        behind = istft.n_fft - istft.hop_samples - istft.front_samples if last else 0
        joined = torch.cat([self._kept, samples, samples.new_zeros(behind)])
        frames = max(0, (len(joined) - istft.n_fft) // istft.hop_samples + 1)
        self._kept = joined[frames * istft.hop_samples :].clone()
        if not frames:
            return torch.zeros(0, istft.n_fft // 2 + 1, dtype=torch.complex64, device=samples.device)
        spectra: Tensor = torch.fft.rfft(joined.unfold(0, istft.n_fft, istft.hop_samples) * istft.window)
        return spectra


class CachedISTFT:
    """The inverse STFT over a stream of spectra (frames, n_fft // 2 + 1), as `InverseSTFT` has it of the whole."""

    def __init__(self, istft: InverseSTFT) -> None:
        self._istft = istft
        self._pieces = -(-istft.n_fft // istft.hop_samples)
        self._padding = self._pieces * istft.hop_samples - istft.n_fft
        self._squares = F.pad(istft.window**2, (0, self._padding)).reshape(self._pieces, -1)
        self._full = self._squares.sum(dim=0).clamp_min(1e-11)
        self._sum = self._squares.new_zeros(self._pieces - 1, istft.hop_samples)
        """Of the frames so far, where the next samples are."""
        self._frames = self._passed = self._given = 0

    def push(self, spectra: Tensor, *, last: bool = False) -> Tensor:
        """The samples that no further frame reaches; with `last`, all that are left of frames * hop_samples."""
        istft, frames = self._istft, spectra.shape[0]
        self._frames += frames
        windows = self._squares.new_zeros(frames, 0)
        if frames:
            windows = F.pad(torch.fft.irfft(spectra, n=istft.n_fft) * istft.window, (0, self._padding))
        rows = windows.reshape(frames, self._pieces, istft.hop_samples) if frames else windows
        total = F.pad(self._sum, (0, 0, 0, frames))
        for piece in range(self._pieces if frames else 0):
            total[piece : piece + frames] += rows[:, piece]
        ready = total.shape[0] if last else frames
        self._sum = total[ready:]
        samples = (total[:ready] / self._weights(ready, last=last)).flatten()
        skipped = min(max(istft.front_samples - self._passed, 0), len(samples))
        self._passed += len(samples)
        left = self._frames * istft.hop_samples - self._given
        samples = samples[skipped : skipped + left]
        self._given += len(samples)
        return samples

    def _weights(self, ready: int, *, last: bool) -> Tensor:
        """The squared windows of the frames that reach the next rows of samples, (rows, hop_samples) or a row for all.

        Only the first rows and the last ones lie in fewer frames than the others.
        """
        first = self._frames - (ready - self._pieces + 1 if last else ready)
        if first >= self._pieces - 1 and not last:
            return self._full
        rows = [self._full if self._pieces - 1 <= row < self._frames else self._weight(row)
                for row in range(first, first + ready)]
        return torch.stack(rows) if rows else self._full

    def _weight(self, row: int) -> Tensor:
        there = [piece for piece in range(self._pieces) if 0 <= row - piece < self._frames]
        return self._squares[there].sum(dim=0).clamp_min(1e-11)
