"""A voice's network as a graph of ONNX, for engines; `vocolab export` writes the files that are handed on."""

from __future__ import annotations

import hashlib
import io
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from vocolab.guarding.calls import running
from vocolab.onnx_export.exportable import Exportable
from vocolab.onnx_export.graph import OPSET
from vocolab.plugins.host import Entry
from vocolab.plugins.specs import ModelSpec
from vocolab.plugins.targets import load_target
from vocolab.voice import Voice

_TRACED_BATCH, _MORE_FRAMES = 2, 12


def identity(entry: Entry[ModelSpec], voice: Voice) -> dict[str, Any]:
    """What decides the graph of a voice: its weights and config, and the code that builds the network."""
    return {
        "model": entry.qualified, "version": entry.version, "config": voice.config, "weights": voice.checksum,
        "mel_spec": None if voice.mel_spec is None else voice.mel_spec.to_dict(), "code": _code(entry),
    }


def _code(entry: Entry[ModelSpec]) -> str:
    """The state of the package that has the exporter, by the times of its files: a version says less than that."""
    package = find_spec(_exporter(entry).partition(":")[0].partition(".")[0])
    folders = (package.submodule_search_locations or ()) if package else ()
    files = sorted(file for folder in folders for file in Path(folder).glob("*.py"))
    states = [(file.name, file.stat().st_mtime_ns) for file in files]
    return hashlib.sha256(repr(states).encode()).hexdigest()[:16]


def _exporter(entry: Entry[ModelSpec]) -> str:
    return entry.spec.engine_graph or entry.spec.exporter


def exportable_of(entry: Entry[ModelSpec], voice: Voice) -> Exportable:
    """What the model's plugin says that engines run. Imports torch.

    Raises:
        VocolabError: as the exporter does; PluginError for whatever else it raises.
    """
    build = load_target(entry, "engine_graph" if entry.spec.engine_graph else "exporter")
    with running(entry.origin, "its graph"):
        exportable: Exportable = build(voice)
    return exportable


def traced(exportable: Exportable) -> bytes:
    """The graph, by tracing: seconds faster than the exporter that a file for others is made with.

    What tracing can't see, it leaves out; `fidelity.py` compares the graph with the network at other lengths.

    Raises:
        Exception: whatever torch raises where it can't express the network.
    """
    import torch

    from vocolab.networks.packed_products import unpack

    unpack(exportable.network)
    arrays = exportable.example(_TRACED_BATCH, exportable.least_frames + _MORE_FRAMES, np.random.default_rng(0))
    ports = (*exportable.inputs, *exportable.outputs)
    free = {
        port.name: {axis: str(length) for axis, length in enumerate(port.shape) if isinstance(length, str)}
        for port in ports
    }
    into: Any = io.BytesIO()  # torch takes a file too, and its types do not say so
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it is the old exporter, and what was taken for constant
        torch.onnx.export(
            exportable.network, tuple(torch.from_numpy(np.asarray(array)) for array in arrays), into,
            dynamo=False, opset_version=OPSET, input_names=[port.name for port in exportable.inputs],
            output_names=[port.name for port in exportable.outputs],
            dynamic_axes={name: axes for name, axes in free.items() if axes},
        )
    return bytes(into.getvalue())
