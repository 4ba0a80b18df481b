"""The forward-sum loss: how likely the tokens of a text are, in order, summed over all the ways to place them.

It is the forward algorithm of a hidden Markov model, and CTC without the blank: token j of a path follows j or j - 1,
or j - 2 where j - 1 may be left out. Badlani et al., "One TTS alignment to rule them all" (2021), equation 3.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

_NEVER = -1e9


def forward_sum(log_p: Tensor, frames: Tensor, tokens: Tensor, optional: Tensor) -> Tensor:
    """The negative log-likelihood of each alignment matrix, (batch,).

    Args:
        log_p: Log-probability of each token in each frame, (batch, frames, tokens).
        frames: How many frames each has, (batch,).
        tokens: How many tokens each has, (batch,).
        optional: Which tokens may have no frame, (batch, tokens), bool; every other has one at least. No two in a row.

    An alignment for which there is no path, since it has fewer frames than tokens, costs about 1e9.
    """
    loss: Tensor = _ForwardSum.apply(log_p, frames, tokens, optional)  # type: ignore[no-untyped-call]
    return loss


class _ForwardSum(torch.autograd.Function):
    """The gradient is the posterior of each token in each frame, by the backward algorithm."""

    @staticmethod
    def forward(ctx: Any, log_p: Tensor, frames: Tensor, tokens: Tensor, optional: Tensor) -> Tensor:
        log_p = log_p.detach().float()
        places = torch.arange(log_p.shape[2], device=log_p.device)
        last = places == (tokens - 1)[:, None]
        before_last = (places == (tokens - 2)[:, None]) & _next(optional & last, 1, False)
        end = torch.where(last | before_last, 0.0, _NEVER)
        start = torch.where((places == 0) | ((places == 1) & optional[:, :1]), 0.0, _NEVER)
        inside = torch.where(places < tokens[:, None], 0.0, _NEVER)
        emitted = log_p + inside[:, None]
        forth = _forth(emitted, start.to(log_p), optional)
        whole = _at(forth, frames - 1) + end
        log_z = torch.logsumexp(whole, 1)
        ctx.save_for_backward(emitted, frames, optional, forth, end, log_z)
        return -log_z

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        emitted, frames, optional, forth, end, log_z = ctx.saved_tensors
        back = _back(emitted, end, frames, optional)
        posterior = torch.exp((forth + back - log_z[:, None, None]).clamp(max=0))
        inside = torch.arange(emitted.shape[1], device=emitted.device) < frames[:, None]
        return -posterior * (inside * grads[0][:, None])[:, :, None], None, None, None


def _forth(emitted: Tensor, start: Tensor, optional: Tensor) -> Tensor:
    """Log-probability of all paths up to each token in each frame."""
    skipped = torch.where(_previous(optional, 1, False), 0.0, _NEVER)
    rows = [start + emitted[:, 0]]
    for t in range(1, emitted.shape[1]):
        row = rows[-1]
        stayed = torch.logaddexp(row, _previous(row, 1, _NEVER))
        rows.append(torch.logaddexp(stayed, _previous(row, 2, _NEVER) + skipped) + emitted[:, t])
    return torch.stack(rows, 1)


def _back(emitted: Tensor, end: Tensor, frames: Tensor, optional: Tensor) -> Tensor:
    """Log-probability of all paths from each token in each frame to the end, the frame itself left out."""
    skipped = torch.where(_next(optional, 1, False), 0.0, _NEVER)
    row = torch.full_like(end, _NEVER)
    rows = []
    for t in range(emitted.shape[1] - 1, -1, -1):
        if t + 1 < emitted.shape[1]:
            row = row + emitted[:, t + 1]
            stayed = torch.logaddexp(row, _next(row, 1, _NEVER))
            row = torch.logaddexp(stayed, _next(row, 2, _NEVER) + skipped)
        row = torch.where((frames == t + 1)[:, None], end, row)
        rows.append(row)
    return torch.stack(rows[::-1], 1)


def _previous(values: Tensor, step: int, filling: float | bool) -> Tensor:
    """What stood `step` tokens before, (batch, tokens)."""
    return torch.nn.functional.pad(values, (step, 0), value=filling)[:, : values.shape[1]]


def _next(values: Tensor, step: int, filling: float | bool) -> Tensor:
    """What stands `step` tokens after."""
    return torch.nn.functional.pad(values, (0, step), value=filling)[:, step:]


def _at(values: Tensor, frames: Tensor) -> Tensor:
    """Of (batch, frames, tokens) the row of each one's own frame."""
    return values[torch.arange(len(values), device=values.device), frames]
