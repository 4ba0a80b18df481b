"""Adaptive sampling: every stretch of time gets as many steps as it needs.

The steps are those of `dpm_solver`. A segment whose estimate has moved by less than the tolerance since the step before
has settled: its estimate stays, and the network is evaluated elsewhere only. What its neighbours see of it goes on to
the cleaner levels along that estimate, so that nothing jumps at its edges.

Segments stand at absolute places and decide by what is in them, so a rendering in chunks decides as a single pass does.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from vocolab_diffwave.samplers.dpm_solver import extrapolated, moved
from vocolab_diffwave.samplers.estimate import Denoiser, NoiseSource, Span
from vocolab_diffwave.schedules import Level


def adaptive(
    denoise: Denoiser, noise: NoiseSource, levels: Sequence[Level], *, segments: Sequence[Span], tolerance: float
) -> Tensor:
    """A latent, solved through `levels` at most, segment by segment until it has settled.

    Args:
        denoise: The network.
        noise: Where the start comes from.
        levels: From the noisiest to the cleanest.
        segments: What is decided together; they cover the latent in order.
        tolerance: Root mean square of the estimate's change over a step, relative to the estimate's own.
    """
    x = noise(0)
    clean, before = torch.zeros_like(x), torch.zeros_like(x)
    active = list(segments)
    for index, level in enumerate(levels):
        estimate = denoise(x, level, joined(active)).clean
        for start, stop in active:
            before[..., start:stop] = clean[..., start:stop]
            clean[..., start:stop] = estimate[..., start:stop]
        if index:
            settled = [span for span in active if change(clean, before, span) < tolerance]
            for start, stop in settled:
                before[..., start:stop] = clean[..., start:stop]
            active = [span for span in active if span not in settled]
        if not active or index + 1 == len(levels):
            break
        direction = extrapolated(clean, before, levels[index - 1 : index + 2]) if index else clean
        x = moved(x, direction, level, levels[index + 1])
    return clean


def change(clean: Tensor, before: Tensor, span: Span) -> float:
    """How far the estimate moved in a span, relative to its own size."""
    start, stop = span
    size = torch.linalg.vector_norm(clean[..., start:stop].double())
    moved_by = torch.linalg.vector_norm((clean[..., start:stop] - before[..., start:stop]).double())
    return float(moved_by / size.clamp_min(1e-10))


def joined(spans: Sequence[Span]) -> list[Span]:
    """The same positions in as few spans as possible."""
    runs: list[Span] = []
    for start, stop in spans:
        if runs and runs[-1][1] == start:
            runs[-1] = (runs[-1][0], stop)
        else:
            runs.append((start, stop))
    return runs
