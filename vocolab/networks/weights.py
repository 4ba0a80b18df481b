"""Weights into networks and out of them, every tensor accounted for. Imports torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from vocolab.errors import CheckpointError, listed

N = TypeVar("N", bound=nn.Module)

_MOST_LISTED = 10


def filled(make: Callable[[], N], tensors: Mapping[str, NDArray[np.float32]], what: str) -> N:
    """The network that `make` builds, with `tensors` in it, every one of them and no other.

    Raises:
        CheckpointError: as `check_fit`.
    """
    check_fit(make, tensors, what)
    network = make()
    state = network.state_dict()
    with torch.no_grad():
        for name, tensor in tensors.items():  # one by one: a copy of all of them would be as large as the network
            state[name].copy_(torch.from_numpy(np.array(tensor)))
    return network


def check_fit(make: Callable[[], nn.Module], tensors: Mapping[str, NDArray[np.float32]], what: str) -> None:
    """Compare the network that `make` builds with `tensors`, without taking memory for it.

    A few bytes of config can ask for a network larger than the machine.

    Raises:
        CheckpointError: listing the names that are missing, unknown or of another shape.
    """
    with torch.device("meta"):  # shapes without numbers
        expected = {name: tuple(tensor.shape) for name, tensor in make().state_dict().items()}
    given = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
    problems = [f"lacks {name}" for name in expected if name not in given]
    problems += [f"has {name}, which the config does not ask for" for name in given if name not in expected]
    problems += [
        f"{name} is {given[name]}, the config asks for {shape}"
        for name, shape in expected.items()
        if given.get(name, shape) != shape
    ]
    if problems:
        told = listed(problems, _MOST_LISTED, separator="; ")
        raise CheckpointError(f"{what} does not fit its config: {told}")


def network_tensors(network: nn.Module) -> dict[str, NDArray[np.float32]]:
    """The state dict of `network` as numpy arrays: what a voice stores."""
    return {name: tensor.detach().cpu().numpy() for name, tensor in network.state_dict().items()}
