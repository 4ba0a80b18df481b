"""How far an engine is from the network that it runs."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vocolab.engines.parts import cut, join
from vocolab.networks.interfaces import Execution
from vocolab.onnx_export.exportable import Arrays, Exportable

TOLERANCE = 1e-4
"""The largest difference of fp32 from torch, of full scale; for outputs beyond 1, of their peak."""
LEAST_SNR_DB = 45.0
"""What "fast" keeps of each output, against fp32."""
_FRAMES = (1, 45, 131)


def examples(exportable: Exportable) -> Iterator[Arrays]:
    """Inputs of several lengths, of the values that the voice meets in use; the same ones each time."""
    random = np.random.default_rng(1)
    for frames in _FRAMES:
        yield exportable.example(1, frames + exportable.least_frames - 1, random)


def reference(exportable: Exportable, arrays: Arrays) -> list[NDArray[np.float32]]:
    """What torch makes of the inputs, in fp32."""
    import torch

    with torch.inference_mode():
        given = exportable.reference(*(torch.from_numpy(np.asarray(array)) for array in arrays))
    return [tensor.numpy() for tensor in (given if isinstance(given, tuple) else (given,))]


def largest_difference(execution: Execution, exportable: Exportable) -> float:
    """Of any number at any length; infinite where a shape differs."""
    return max(
        _difference(ours, theirs)
        for arrays in examples(exportable)
        for ours, theirs in zip(execution(*arrays), reference(exportable, arrays), strict=True)
    )


def _difference(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> float:
    if ours.shape != theirs.shape:
        return math.inf
    peak = max(1.0, float(np.max(np.abs(theirs))))
    return float(np.max(np.abs(ours - theirs))) / peak


def snr_db(execution: Execution, exportable: Exportable) -> float:
    """The least signal-to-noise ratio of an output, over the longest of the examples."""
    arrays = list(examples(exportable))[-1]
    pairs = zip(execution(*arrays), reference(exportable, arrays), strict=True)
    return min(ratio_db(ours, theirs) for ours, theirs in pairs)


def ratio_db(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> float:
    """The signal-to-noise ratio of `ours`, `theirs` being the signal."""
    signal = float(np.sum(np.square(theirs, dtype=np.float64)))
    noise = float(np.sum(np.square(np.subtract(ours, theirs, dtype=np.float64))))
    return math.inf if noise == 0 else 10 * math.log10(max(signal, 1e-30) / noise)


def seam_difference(execution: Execution, exportable: Exportable) -> float | None:
    """How far two parts, each with its context, are from the whole; None where frames have no place of their own."""
    context = exportable.context_frames
    if not context:
        return None
    random = np.random.default_rng(2)
    frames = 4 * context + exportable.least_frames + 16
    arrays, middle = exportable.example(1, frames, random), frames // 2
    inputs, outputs = ([port.shape for port in ports] for ports in (exportable.inputs, exportable.outputs))
    whole = execution(*arrays)
    first = execution(*cut(inputs, arrays, 0, middle + context))
    second = execution(*cut(inputs, arrays, middle - context, frames))
    joined = join(outputs, [cut(outputs, first, 0, middle), cut(outputs, second, context, context + frames - middle)])
    return max(float(np.max(np.abs(ours - theirs))) for ours, theirs in zip(joined, whole, strict=True))
