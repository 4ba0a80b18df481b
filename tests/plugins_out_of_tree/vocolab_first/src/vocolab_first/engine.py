"""The engine: ONNX's reference implementation, which is exact and slow. Put your runtime in its place."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx.reference import ReferenceEvaluator

from vocolab import Options
from vocolab.engines.interfaces import Settings


class Reference:
    """Runs ONNX graphs."""

    def __init__(self, options: Options) -> None:
        self.version = onnx.__version__
        self.has_fast = False

    def compile(self, graph: bytes, settings: Settings) -> bytes:
        """What `load` takes of a graph; vocolab keeps it in a file, so that it is made once."""
        onnx.checker.check_model(graph)
        return graph

    def load(self, compiled: bytes, settings: Settings) -> Running:
        """The graph, ready to be called."""
        return Running(onnx.load_from_string(compiled))


class Running:
    """A graph that is called with its inputs in their order."""

    def __init__(self, model: onnx.ModelProto) -> None:
        self._evaluator: Any = ReferenceEvaluator(model)
        self._names = [port.name for port in model.graph.input]

    def __call__(self, *inputs: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        """What the graph makes of `inputs`."""
        return tuple(self._evaluator.run(None, dict(zip(self._names, inputs, strict=True))))

    def to(self, device: str) -> None:
        """It stays on the CPU, the only device that its spec names."""
