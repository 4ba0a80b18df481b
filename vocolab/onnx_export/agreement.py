"""Whether an ONNX model gives what torch gives, by onnxruntime, at several lengths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import PluginError
from vocolab.onnx_export.exportable import Arrays, Exportable

if TYPE_CHECKING:
    from onnx import ModelProto

TOLERANCE = 1e-4
"""Of full scale: the largest difference of an output; for outputs beyond 1, of their peak."""
SIZES = ((1, 1), (1, 7), (2, 31), (1, 50), (1, 131))
"""(batch, frames) that are compared; frames beyond the first are on top of the least that the graph takes."""


@dataclass(frozen=True)
class Agreement:
    """How far onnxruntime is from torch."""

    largest_difference: float
    """Of any sample at any size, absolute for outputs within 1 and relative to the peak beyond."""
    sizes: tuple[tuple[int, int], ...]
    runtime: str
    """"onnxruntime 1.20.0"."""


def check_agreement(model: ModelProto, exportable: Exportable) -> Agreement:
    """Run `model` and the reference on the same inputs and compare.

    Raises:
        PluginError: if onnxruntime can't run it, if a shape differs, or a sample by more than the tolerance.
    """
    import onnxruntime

    random = np.random.default_rng(1)
    sizes = tuple((batch, frames + exportable.least_frames - 1) for batch, frames in SIZES)
    try:
        session = _session(model)
        worst = max(_difference(session, exportable, exportable.example(*size, random)) for size in sizes)
    except PluginError:
        raise
    except Exception as error:  # onnxruntime's exceptions have no common class
        first = (str(error).splitlines() or [""])[0]
        raise PluginError(f"onnxruntime can't run the graph: {type(error).__name__}: {first}") from error
    if not worst <= TOLERANCE:
        raise PluginError(f"onnxruntime is {worst:.2g} away from torch, {TOLERANCE:g} is allowed; nothing is written")
    return Agreement(worst, sizes, f"onnxruntime {onnxruntime.__version__}")


def _session(model: ModelProto) -> Any:
    import onnxruntime
    import torch

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def _difference(session: Any, exportable: Exportable, arrays: Arrays) -> float:
    names = [port.name for port in exportable.inputs]
    given = session.run(None, dict(zip(names, arrays, strict=True)))
    wanted = _reference(exportable, arrays)
    differences = []
    for port, ours, theirs in zip(exportable.outputs, given, wanted, strict=True):
        if ours.shape != theirs.shape:
            raise PluginError(f"onnxruntime gives {port.name} of shape {ours.shape}, torch {theirs.shape}")
        peak = max(1.0, float(np.max(np.abs(theirs))))
        differences.append(float(np.max(np.abs(ours - theirs))) / peak)
    return max(differences)


def _reference(exportable: Exportable, arrays: Arrays) -> list[NDArray[np.float32]]:
    import torch

    with torch.inference_mode():
        given = exportable.reference(*(torch.from_numpy(np.asarray(array)) for array in arrays))
    return [tensor.numpy() for tensor in (given if isinstance(given, tuple) else (given,))]
