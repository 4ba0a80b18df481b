"""OpenVINO as an engine."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import openvino
from numpy.typing import NDArray

from vocolab.engines.interfaces import Settings
from vocolab.options import Options

_DEVICE = "CPU"


class OpenVinoExecution:
    """A compiled model. Threads that call it at once each have a request of their own."""

    def __init__(self, model: openvino.CompiledModel) -> None:
        self._model, self._outputs = model, range(len(model.outputs))
        self._free: list[openvino.InferRequest] = []

    def __call__(self, *inputs: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        """What the graph makes of `inputs`."""
        try:
            request = self._free.pop()
        except IndexError:
            request = self._model.create_infer_request()
        given = {place: np.ascontiguousarray(values) for place, values in enumerate(inputs)}
        request.infer(given, share_inputs=True)
        found = tuple(np.array(request.get_output_tensor(place).data) for place in self._outputs)
        self._free.append(request)
        return found

    def to(self, device: str) -> None:
        """It stays on the CPU, the only device that the engine is described for."""


class OpenVinoEngine:
    """A `GraphEngine`. Left alone, OpenVINO computes in bfloat16 where it can: fp32 is asked for by name."""

    def __init__(self, options: Options) -> None:
        self._core = openvino.Core()
        self.version = openvino.__version__
        self.has_fast = "BF16" in self._core.get_property(_DEVICE, "OPTIMIZATION_CAPABILITIES")

    def compile(self, graph: bytes, settings: Settings) -> bytes:
        """The model as OpenVINO keeps it."""
        model = self._core.compile_model(self._core.read_model(io.BytesIO(graph)), _DEVICE, _properties(settings))
        into = io.BytesIO()
        model.export_model(into)
        return into.getvalue()

    def load(self, compiled: bytes, settings: Settings) -> OpenVinoExecution:
        """The model on so many threads."""
        return OpenVinoExecution(self._core.import_model(io.BytesIO(compiled), _DEVICE, _properties(settings)))


def _properties(settings: Settings) -> dict[str, Any]:
    return {
        "INFERENCE_PRECISION_HINT": "bf16" if settings.precision == "fast" else "f32",
        "INFERENCE_NUM_THREADS": settings.threads, "NUM_STREAMS": 1,
        "ENABLE_CPU_PINNING": False,  # several processes would be pinned to the same cores
    }
