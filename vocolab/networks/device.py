"""The device that networks run on: chosen, checked, and put to use. torch is imported only where a GPU is asked for."""

from __future__ import annotations

from typing import Any

from vocolab.errors import CallError

CPU = "cpu"
AUTO = "auto"
KINDS = (CPU, "cuda", "mps", AUTO)
"""What can be asked for; one of several GPUs is `cuda:1`."""


def choose_device(asked: str) -> str:
    """The device that is asked for, if it is there; for "auto" the first of CUDA, MPS and the CPU that is.

    Raises:
        CallError: if there is no such kind of device, or it is not here; names what is.
    """
    kind, _, index = asked.partition(":")
    if kind not in KINDS or (":" in asked and not (kind == "cuda" and index.isdecimal())):
        raise CallError(f"device {asked!r}: allowed are {', '.join(KINDS)}, and cuda:N for one of several GPUs")
    if kind == CPU:
        return CPU
    here = devices_here()
    if kind == AUTO:
        return next(device for device in ("cuda", "mps", CPU) if device in here)
    if asked not in here:
        raise CallError(f"device {asked!r}: torch finds no such device here; there is {', '.join(here)}")
    return asked


def devices_here() -> list[str]:
    """What torch can use on this machine: the CPU, and GPUs by kind and number."""
    import torch

    gpus = torch.cuda.device_count() if torch.cuda.is_available() else 0
    cuda = ["cuda", *(f"cuda:{number}" for number in range(gpus))] if gpus else []
    mps = ["mps"] if torch.backends.mps.is_available() else []
    return [CPU, *cuda, *mps]


def put_on(component: Any, asked: str, name: str) -> str:
    """Move what renders to the device that is asked for, and say which it became.

    A component moves by its method `to(device)`. One without it runs on the CPU: "auto" leaves it there.

    Raises:
        CallError: if the device is not here, or the component, called `name`, runs on the CPU only.
    """
    move = getattr(component, "to", None)
    if move is None:
        if asked in (CPU, AUTO):
            return CPU
        choose_device(asked)  # what is not even here is told first
        raise CallError(f"device {asked!r}: {name} runs on the CPU only; ask for cpu, or for auto")
    device = choose_device(asked)
    if device != CPU:
        move(device)
    return device
