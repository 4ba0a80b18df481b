"""ONNX Runtime as an engine."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from vocolab.engines.interfaces import Settings
from vocolab.options import Options

_ERRORS_ONLY = 3


class OnnxExecution:
    """A session. It may be called by several threads at once."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session
        self._names = [port.name for port in session.get_inputs()]

    def __call__(self, *inputs: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        """What the graph makes of `inputs`."""
        return tuple(self._session.run(None, dict(zip(self._names, inputs, strict=True))))

    def to(self, device: str) -> None:
        """It stays on the CPU, the only device that the engine is described for."""


class OnnxEngine:
    """A `GraphEngine`. Its kernels on a CPU compute in float32 only, so that there is no "fast"."""

    def __init__(self, options: Options) -> None:
        self.version = onnxruntime.__version__
        self.has_fast = False

    def compile(self, graph: bytes, settings: Settings) -> bytes:
        """The graph, optimised for this processor: to do so each time took half of what loading it takes."""
        options = _options(settings)
        with TemporaryDirectory(prefix="vocolab-") as folder:
            optimised = Path(folder, "optimised.onnx")
            options.optimized_model_filepath = str(optimised)
            _session(graph, options)
            return optimised.read_bytes()

    def load(self, compiled: bytes, settings: Settings) -> OnnxExecution:
        """A session on so many threads."""
        options = _options(settings)
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        return OnnxExecution(_session(compiled, options))


def _options(settings: Settings) -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = settings.threads, 1
    options.log_severity_level = _ERRORS_ONLY
    # Its threads would wait for more in a loop: as soon by 3 %, and for half as much again of the processors' time.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


def _session(graph: bytes, options: onnxruntime.SessionOptions) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
