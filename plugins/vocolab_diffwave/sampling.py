"""A plan carried out: the sampler, its noise, and the segments that it decides about."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vocolab.errors import CallError
from vocolab.networks.noise import gaussian
from vocolab_diffwave.plan import SEGMENT_FRAMES, Plan
from vocolab_diffwave.samplers.adaptive import adaptive
from vocolab_diffwave.samplers.ancestral import ancestral
from vocolab_diffwave.samplers.ddim import ddim
from vocolab_diffwave.samplers.dpm_solver import dpm_solver
from vocolab_diffwave.samplers.estimate import Denoiser, NoiseSource, Span


def sample(plan: Plan, denoise: Denoiser, noise: NoiseSource, frames: Span) -> Tensor:
    """A latent, by the plan, for the absolute `frames`."""
    if plan.sampler in ("fast", "ancestral"):
        return ancestral(denoise, noise, plan.levels, limit=plan.limit)
    if plan.sampler == "ddim":
        return ddim(denoise, noise, plan.levels, eta=plan.options.eta)
    if plan.sampler == "dpm-solver":
        return dpm_solver(denoise, noise, plan.levels)
    ratio = noise(0).shape[-1] // (frames[1] - frames[0])
    segments = [(start * ratio, stop * ratio) for start, stop in aligned_segments(*frames)]
    return adaptive(denoise, noise, plan.levels, segments=segments, tolerance=plan.options.tolerance)


def aligned_segments(first_frame: int, last_frame: int) -> list[Span]:
    """`first_frame` to `last_frame` cut at absolute multiples of the segment, counted from `first_frame`."""
    begins = range(first_frame // SEGMENT_FRAMES * SEGMENT_FRAMES, last_frame, SEGMENT_FRAMES)
    return [
        (max(begin, first_frame) - first_frame, min(begin + SEGMENT_FRAMES, last_frame) - first_frame)
        for begin in begins
    ]


def white_noise(hop_samples: int, group: int, first_frame: int, frames: int, seed: int) -> NoiseSource:
    """Noise tied to absolute samples, as latents (1, group, time): the stream is the step that takes it."""

    def draw(stream: int) -> Tensor:
        values = gaussian(seed, first_frame * hop_samples, frames * hop_samples, stream=stream)
        return torch.from_numpy(values).reshape(-1, group).T[None]

    return draw


def given_noise(values: NDArray[np.float32], group: int) -> NoiseSource:
    """Noise that the caller brings, (draws, samples) or (samples,): line k is what the k-th draw gives.

    Raises:
        CallError: from the draw that has no line.
    """
    lines = np.atleast_2d(values)

    def draw(stream: int) -> Tensor:
        if stream >= len(lines):
            raise CallError(f"noise: has {len(lines)} lines, and this sampler draws more: give one for each draw")
        return torch.from_numpy(np.ascontiguousarray(lines[stream])).reshape(-1, group).T[None]

    return draw
