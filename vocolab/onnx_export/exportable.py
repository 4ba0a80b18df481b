"""Exportable: what a plugin hands over so that `vocolab export` can write an ONNX file and check it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor, nn

    from vocolab.voice import Voice

Arrays: TypeAlias = tuple[NDArray[np.float32], ...]


@dataclass(frozen=True)
class Port:
    """An input or an output of a graph.

    Each length of `shape` is a number, a name where the length is free ("frames"), or a multiple of such a name
    ("256*frames"). The same name means the same length in all inputs; an empty shape is a single number.
    """

    name: str
    shape: tuple[int | str, ...]
    meaning: str
    """What the values are, with their unit and range, for who has nothing but the file."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Exportable:
    """One graph of a voice: a network of ONNX's own operators, and the network that it has to agree with.

    Attributes:
        computes: What the graph gives, in a sentence or two without a full stop at the end.
        network: Takes the inputs in their order and gives the outputs, one tensor or a tuple. In evaluation mode,
            without complex numbers, random numbers or anything that depends on the values.
        reference: The same as the vocoder computes it, with the same arguments.
        inputs: In the order of the network's arguments.
        outputs: In the order of what it gives.
        example: `(batch, frames, random)` to inputs of that size, of the values that the voice meets in use.
        context_frames: Frames on either side that an output depends on: for who cuts long mels.
        least_frames: Frames that the graph needs; fewer are refused by the runtime, with an error of its own.
        facts: What else a runtime has to know, such as a noise schedule: names to what JSON can hold.
    """

    computes: str
    network: nn.Module
    reference: Callable[..., Tensor | tuple[Tensor, ...]]
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    example: Callable[[int, int, np.random.Generator], Arrays]
    context_frames: int
    least_frames: int = 1
    facts: Mapping[str, Any] = field(default_factory=dict)


class Exporter(Protocol):
    """Gives the graph of a voice: what `vocolab export` calls."""

    def __call__(self, voice: Voice) -> Exportable:
        """The network of `voice` in ONNX's own operators, and what it is checked against.

        Raises:
            CheckpointError: if the voice does not fit its config.
        """
        ...
