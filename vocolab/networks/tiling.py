"""A part of a network, run on one piece of a sequence after the other: the same numbers in the memory of a piece.

Layers at the rate of samples need tens of megabytes for a chunk that layers at the rate of frames hardly notice, and
see few steps around each of theirs. So they are run on short pieces, which stay in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor


def tiled(function: Callable[[Tensor], Tensor], x: Tensor, *, rate: int, reach_steps: int, tile_steps: int) -> Tensor:
    """`function(x)` for `x` of (batch, channels, steps), equal to rounding.

    Args:
        function: Gives `rate` steps for each.
        x: The whole sequence; beyond its ends `function` pads, as it does at once.
        rate: How many times as many steps come out.
        reach_steps: Steps of `x` on either side that what comes out depends on.
        tile_steps: Steps of `x` at a time.
    """
    n_steps = x.shape[-1]
    if n_steps <= tile_steps:
        return function(x)
    made: Tensor | None = None
    for start in range(0, n_steps, tile_steps):
        stop = min(start + tile_steps, n_steps)
        low, high = max(0, start - reach_steps), min(n_steps, stop + reach_steps)
        piece = function(x[..., low:high])
        if made is None:  # steps outermost, as `channels_last` has them, so that each piece is one stretch of memory
            made = piece.new_empty(piece.shape[0], n_steps * rate, piece.shape[1]).transpose(1, 2)
        made[..., start * rate : stop * rate] = piece[..., (start - low) * rate : (stop - low) * rate]
    assert made is not None
    return made
