"""From the frame rate to a higher one: values of frames at each step between them. Imports torch."""

from __future__ import annotations

import torch
from torch import Tensor


def between_frames(values: Tensor, steps: int, centre_steps: float) -> Tensor:
    """Values of frames (..., frames) at each of a frame's `steps` steps, (..., frames * steps).

    Linear from frame to frame, level before the first one's centre and after the last one's.

    Args:
        values: One for each frame, of floats.
        steps: How many a frame has: its samples, or groups of them.
        centre_steps: Where a frame's value stands, in steps from the first of its own: -1 to `steps`, fractions lie
            between two of them. (steps - 1) / 2 is the middle of all.
    """
    padded = torch.cat([values[..., :1], values, values[..., -1:]], dim=-1)[..., None]
    below, here, above = padded[..., :-2, :], padded[..., 1:-1, :], padded[..., 2:, :]
    place = (torch.arange(steps, device=values.device, dtype=values.dtype) - centre_steps) / steps  # in frames
    return torch.where(place < 0, here + (here - below) * place, here + (above - here) * place).flatten(-2)
