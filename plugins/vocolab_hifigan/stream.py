"""HiFi-GAN over a stream, each layer keeping what its next samples need. Imports torch."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional as F

from vocolab.networks.cached import CachedISTFT
from vocolab.networks.cached_convolutions import Chained, Convolution, Layer, Pointwise, Residual, Sum, Upsampling
from vocolab.networks.istft import from_polar
from vocolab_hifigan.generator import LAST_SLOPE, HifiGanGenerator

_FLOAT_BYTES = 4
_MOST_BYTES = 2**22
"""Of what a stage makes of frames that go through the layers together: more of them take memory and no less time."""


def can_stream(generator: HifiGanGenerator) -> bool:
    """Whether all of its layers are of those that can keep what they need: zeros beyond the ends, all as published."""
    config = generator.config
    reflects = generator.istft is not None and config.gen_istft_padding == "left"
    return config.conv_padding == "zeros" and config.upsample_padding == "published" and not reflects


class HifiGanStream:
    """Mel in, audio out as soon as it is certain: what one pass over the whole gives.

    Args:
        generator: One that `can_stream`, with row convolutions.
    """

    def __init__(self, generator: HifiGanGenerator) -> None:
        self._generator = generator
        self._layers = Chained(list(_layers(generator)))
        self._most_frames = max(1, _MOST_BYTES // _frame_bytes(generator))
        self._istft = None if generator.istft is None else CachedISTFT(generator.istft)

    def push(self, mel: NDArray[np.float32]) -> NDArray[np.float32]:
        """The samples that are certain once the frames (n_mels, frames) have come."""
        return self._run(mel, last=False)

    def finish(self) -> NDArray[np.float32]:
        """The samples that are left."""
        return self._run(np.zeros((self._generator.spec.n_mels, 0), np.float32), last=True)

    @torch.inference_mode()
    def _run(self, mel: NDArray[np.float32], *, last: bool) -> NDArray[np.float32]:
        starts = range(0, max(mel.shape[1], 1), self._most_frames)
        parts = [
            self._step(mel[:, start : start + self._most_frames], last=last and start == starts[-1]) for start in starts
        ]
        return np.concatenate(parts)

    def _step(self, mel: NDArray[np.float32], *, last: bool) -> NDArray[np.float32]:
        device = next(self._generator.parameters()).device
        x = self._generator.centred(torch.from_numpy(np.ascontiguousarray(mel.T)).to(device))
        outputs = self._layers.push(x, last=last)
        if self._istft is None:
            audio = torch.tanh(outputs).flatten()
        else:
            audio = self._istft.push(from_polar(*self._generator.polar(outputs.t()[None]))[0].t(), last=last)
        samples: NDArray[np.float32] = audio.cpu().numpy()
        return samples


def _frame_bytes(generator: HifiGanGenerator) -> int:
    """Of what the largest stage makes of a frame."""
    width, steps, most = generator.config.upsample_initial_channel, 1, 1
    for rate in generator.config.upsample_rates:
        width, steps = width // 2, steps * rate
        most = max(most, width * steps)
    return _FLOAT_BYTES * most


def _layers(generator: Any) -> Iterator[Layer]:
    """Those of the generator; its convolutions are `RowConvolution`s."""
    slope, kernels = generator.config.leaky_relu_slope, len(generator.config.resblock_kernel_sizes)
    yield Convolution(generator.conv_pre.conv)
    for index, up in enumerate(generator.ups):
        yield _leaky(slope)
        yield Upsampling(up.conv)
        yield Sum([_block(block, slope) for block in generator.resblocks[index * kernels : (index + 1) * kernels]])
        yield Pointwise(lambda x: x / kernels)
    yield Convolution(generator.conv_post.conv, LAST_SLOPE)


def _block(block: Any, slope: float) -> Layer:
    """A residual block of either kind."""
    is_single = hasattr(block, "convs")
    added = ((conv,) for conv in block.convs) if is_single else zip(block.convs1, block.convs2, strict=True)
    return Chained([Residual([Convolution(conv.conv, slope) for conv in convs]) for convs in added])


def _leaky(slope: float) -> Pointwise:
    return Pointwise(partial(F.leaky_relu, negative_slope=slope))
