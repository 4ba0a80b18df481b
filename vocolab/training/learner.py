"""A network with its optimiser: gradients in, better weights out, in any precision and over any number of processes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import torch
from torch import Tensor, nn

from vocolab.training.processes import Processes
from vocolab.training.schedule import learning_rate
from vocolab.training.tables import OptimizerOptions

_TYPES = {"bf16": torch.bfloat16, "fp16": torch.float16}
_SMALLEST_SCALE = 2.0**-10
"""A loss that overflows float16 at any scale is none; a scale that has fallen this far says so."""


class Diverged(Exception):
    """A loss or a gradient that is no number; the weights were left alone."""


class Learner:
    """AdamW on one network, after the `[optimizer]` table of a recipe.

    With several processes the gradients are averaged over them by DistributedDataParallel; `call` is then the way to
    run the network, since it is what prepares the exchange.
    """

    def __init__(
        self, network: nn.Module, options: OptimizerOptions, *, device: torch.device, processes: Processes
    ) -> None:
        self.network, self.options, self.device = network, options, device
        self.optimizer = torch.optim.AdamW(
            network.parameters(), lr=options.learning_rate, betas=options.betas, weight_decay=options.weight_decay
        )
        self.scaler = torch.amp.GradScaler(device.type) if options.precision == "fp16" else None
        self._parallel = processes.parallel(_Called(network)) if processes.several else None
        self._loss = torch.zeros((), device=device)

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """`function(network, *arguments)`, its gradients averaged over the processes."""
        if self._parallel is None:
            return function(self.network, *arguments)
        return self._parallel(function, *arguments)

    def autocast(self) -> AbstractContextManager[Any]:
        """The precision of the recipe for what runs inside."""
        kind = _TYPES.get(self.options.precision)
        return torch.autocast(self.device.type, dtype=kind, enabled=kind is not None)

    def backward(self, loss: Tensor, parts: int = 1) -> None:
        """Add the gradients of one of `parts` forward passes."""
        part = loss / parts
        self._loss = self._loss + part.detach()
        (part if self.scaler is None else self.scaler.scale(part)).backward()  # type: ignore[no-untyped-call]

    def update(self, step: int) -> Tensor:
        """Take a step down the gradients, clear them, and give their norm.

        Raises:
            Diverged: if the loss or the gradients are no numbers; with a scaled float16 loss only when no scale helps.
        """
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(self.options, step)
        if self.scaler is not None:
            self.scaler.unscale_(self.optimizer)
        norm = nn.utils.clip_grad_norm_(self.network.parameters(), self.options.gradient_clip)
        self._check(float(self._loss), float(norm))
        if self.scaler is None:
            self.optimizer.step()
        else:
            self.scaler.step(self.optimizer)
            self.scaler.update()
        self.clear()
        return norm

    def clear(self) -> None:
        """Forget gradients that were not used."""
        self.optimizer.zero_grad(set_to_none=True)
        self._loss = torch.zeros((), device=self.device)

    def _check(self, loss: float, norm: float) -> None:
        if self.scaler is not None:
            if self.scaler.get_scale() < _SMALLEST_SCALE:
                raise Diverged(f"the loss is {loss} in float16, however it is scaled")
            return
        finite = torch.isfinite(torch.tensor([loss, norm]))
        if not finite[0]:
            raise Diverged(f"the loss is {loss}")
        if not finite[1]:
            raise Diverged(f"the norm of the gradients is {norm}")

    def state(self) -> dict[str, Any]:
        """What a checkpoint keeps of it, beside the network."""
        state: dict[str, Any] = {"optimizer": self.optimizer.state_dict()}
        return state if self.scaler is None else {**state, "scaler": self.scaler.state_dict()}

    def load_state(self, state: dict[str, Any]) -> None:
        """Go on from `state`, as the recipe says now; a state of another precision has no scale to go on from."""
        self.optimizer.load_state_dict(state["optimizer"])
        for group in self.optimizer.param_groups:
            group.update(betas=self.options.betas, weight_decay=self.options.weight_decay)
        if self.scaler is not None and "scaler" in state:
            self.scaler.load_state_dict(state["scaler"])


class _Called(nn.Module):
    """A network whose forward pass is any function of it: DistributedDataParallel watches forward passes only."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """`function(network, *arguments)`."""
        return function(self.network, *arguments)
