"""One training in several processes: which of them this is, and what they do together.

`torchrun` starts the processes and tells each its place in environment variables. Every process holds all weights, cuts
its own share of a step's segments, and has the gradients averaged. Process 0 alone writes, validates and reports.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import torch
from torch import nn

from vocolab.errors import CallError

_LONGEST_VALIDATION = timedelta(hours=2)
"""The others wait for process 0 while it validates."""
_MOST_DIGITS = 6


@dataclass(frozen=True)
class Processes:
    """This process' place among those of the run."""

    rank: int = 0
    count: int = 1

    @property
    def several(self) -> bool:
        """Whether there are others."""
        return self.count > 1

    @property
    def first(self) -> bool:
        """Whether this is the one that writes and reports."""
        return self.rank == 0

    def parallel(self, module: nn.Module) -> nn.Module:
        """`module` with its gradients averaged over the processes."""
        return nn.parallel.DistributedDataParallel(module)

    def wait(self) -> None:
        """Go on when all have come here."""
        if self.several:
            torch.distributed.barrier()


def launched() -> bool:
    """Whether torchrun started this process as one of several.

    Raises:
        CallError: if the environment holds something else than torchrun puts there.
    """
    return _told("WORLD_SIZE", 1) > 1


def _told(variable: str, otherwise: int) -> int:
    """A number that torchrun has put into the environment."""
    text = os.environ.get(variable, "") or str(otherwise)
    if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
        raise CallError(f"{variable} is {text[:40]!r}; torchrun sets it to a whole number: unset it to train alone")
    return int(text)


@contextmanager
def joined(device: str) -> Iterator[tuple[Processes, torch.device]]:
    """This process' place, and its device: with CUDA the GPU of its local rank. Alone, nothing is joined."""
    if not launched():
        yield Processes(), torch.device(device)
        return
    local = _told("LOCAL_RANK", 0)
    chosen = torch.device("cuda", local) if device == "cuda" else torch.device(device)
    if chosen.type == "cuda":
        torch.cuda.set_device(chosen)
    backend = "nccl" if chosen.type == "cuda" else "gloo"
    try:
        torch.distributed.init_process_group(backend, timeout=_LONGEST_VALIDATION)
    except (ValueError, RuntimeError) as error:
        said = str(error).partition("\n")[0]
        raise CallError(f"the processes of this training do not find each other: {said}; start them with torchrun, "
                        "or unset WORLD_SIZE to train alone") from error
    try:
        yield Processes(torch.distributed.get_rank(), torch.distributed.get_world_size()), chosen
    finally:
        torch.distributed.destroy_process_group()
