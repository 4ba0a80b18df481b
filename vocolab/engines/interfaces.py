"""What a plugin's engine implements, and what a model implements that runs on one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

from vocolab.networks.interfaces import Execution

if TYPE_CHECKING:
    from torch import nn

Precision: TypeAlias = Literal["fp32", "fast"]


@dataclass(frozen=True)
class Settings:
    """How a network is to be executed."""

    threads: int
    """1 or more."""
    precision: Precision = "fp32"
    """"fp32": every product in 32 bits. "fast": in 16 bits, of whichever kind the processor has."""


class GraphEngine(Protocol):
    """Runs ONNX graphs. Built as `Class(options)`; its spec says `runs="graph"`."""

    version: str
    """Of the runtime: what another version compiled is compiled again."""

    has_fast: bool
    """Whether "fast" is anything else than fp32 on this machine."""

    def compile(self, graph: bytes, settings: Settings) -> bytes:
        """What `load` takes of a graph in ONNX, worth keeping in a file; whatever it raises means that it can't."""
        ...

    def load(self, compiled: bytes, settings: Settings) -> Execution:
        """The graph, ready to be called with its inputs in their order, whatever their free lengths."""
        ...


class NetworkEngine(Protocol):
    """Runs the networks of torch that models build themselves. Built as `Class(options)`; `runs="network"`."""

    version: str
    has_fast: bool

    def execute(self, network: nn.Module, settings: Settings) -> Execution:
        """The network, ready to be called on the CPU."""
        ...

    def settle(self, settings: Settings) -> None:
        """Take as many threads, for models that execute their networks themselves."""
        ...


@dataclass(frozen=True)
class Program:
    """A compiled graph and what its file says of it: what a model's `runner` is built with."""

    execution: Execution
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What the graph's `Exportable` states: `context_frames`, `least_frames`, and its own `facts`."""
    precision: Precision = "fp32"
