"""An exportable to an ONNX model, by torch's exporter, with its description in the file."""

from __future__ import annotations

import json
import logging
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from vocolab.errors import PluginError
from vocolab.mels.spec import MelSpec
from vocolab.onnx_export.exportable import Exportable, Port
from vocolab.voice import Voice

if TYPE_CHECKING:
    from onnx import ModelProto

FORMAT = 1
"""Of the metadata; a reader refuses one that it does not know."""
OPSET = 18
"""Old enough for onnxruntime 1.14, and new enough for every operator that the networks need."""
_IR_VERSION = 8  # the first that has this operator set: torch states a later one, which older runtimes refuse

_MULTIPLE = re.compile(r"(?:(\d+)\*)?([a-z_]+)")
_TRACED_BATCH, _MORE_FRAMES = 2, 12  # neither 0 nor 1, which torch would take for constants
_FRAMES = "frames"
_LARGEST_BYTES = 2**31 - 2**20  # protobuf's limit, less room for everything but the weights


def build_model(exportable: Exportable, voice: Voice) -> ModelProto:
    """The graph of `exportable` with its weights, and everything that a runtime has to know in `metadata_props`.

    Raises:
        PluginError: if torch can't express the network in ONNX, or the weights don't fit into one file.
    """
    from vocolab.networks.packed_products import unpack

    unpack(exportable.network)
    size = sum(tensor.numel() * tensor.element_size() for tensor in _tensors(exportable))
    if size > _LARGEST_BYTES:
        raise PluginError(f"the weights take {size / 1e9:.1f} GB and an ONNX file holds at most 2 GB")
    model = _traced(exportable)
    _forget_the_machine(model)
    model.ir_version = _IR_VERSION
    model.producer_name, model.producer_version = "vocolab", version("vocolab")
    model.doc_string = exportable.computes
    for key, value in description(exportable, voice).items():
        model.metadata_props.add(key=key, value=value)
    return model


def description(exportable: Exportable, voice: Voice) -> dict[str, str]:
    """The file's metadata: numbers and texts as they are, everything else as JSON."""
    spec = voice.mel_spec
    facts: dict[str, Any] = {
        "vocolab_format": FORMAT,
        "model": voice.model,
        "kind": voice.kind,
        "computes": exportable.computes,
        **({} if spec is None else _mel_facts(spec)),
        "context_frames": exportable.context_frames,
        "least_frames": exportable.least_frames,
        "inputs": _port_facts(exportable.inputs),
        "outputs": _port_facts(exportable.outputs),
        "config": voice.config,
        "provenance": voice.provenance,
        "recommended": voice.recommended,
        **exportable.facts,
    }
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in facts.items()}


def _mel_facts(spec: MelSpec) -> dict[str, Any]:
    sizes = {"sample_rate": spec.sample_rate, "hop_samples": spec.hop_samples, "n_mels": spec.n_mels}
    return {**sizes, "mel_spec": spec.to_dict()}


def _port_facts(ports: tuple[Port, ...]) -> list[dict[str, Any]]:
    return [{"name": port.name, "shape": list(port.shape), "meaning": port.meaning} for port in ports]


def _tensors(exportable: Exportable) -> Iterator[Any]:
    yield from exportable.network.parameters()
    yield from exportable.network.buffers()


def _traced(exportable: Exportable) -> ModelProto:
    import torch

    arrays = exportable.example(_TRACED_BATCH, exportable.least_frames + _MORE_FRAMES, np.random.default_rng(0))
    dims = {_FRAMES: torch.export.Dim(_FRAMES, min=exportable.least_frames)}
    with _quiet():
        try:
            program = torch.onnx.export(
                exportable.network, tuple(map(torch.from_numpy, map(np.asarray, arrays))), dynamo=True, verbose=False,
                opset_version=OPSET, input_names=[port.name for port in exportable.inputs],
                output_names=[port.name for port in exportable.outputs],
                dynamic_shapes=tuple(_dynamic(port, dims) for port in exportable.inputs),
            )
        except Exception as error:  # torch names no common class of them
            first = (str(error).splitlines() or [""])[0]
            raise PluginError(f"torch can't express the network in ONNX: {type(error).__name__}: {first}") from error
    assert program is not None  # it is None for the older exporter only
    model: ModelProto = program.model_proto
    return model


def _dynamic(port: Port, dims: dict[str, Any]) -> dict[int, Any]:
    """Which axes of an input have no fixed length, by torch's symbols for them."""
    from torch.export import Dim

    axes: dict[int, Any] = {}
    for axis, length in enumerate(port.shape):
        if isinstance(length, int):
            continue
        found = _MULTIPLE.fullmatch(length)
        assert found is not None, f"{port.name}: {length!r} is neither a name nor a multiple of one"
        factor, name = found.groups()
        dim = dims.setdefault(name, Dim(name))
        axes[axis] = int(factor) * dim if factor else dim
    return axes


def _forget_the_machine(model: ModelProto) -> None:
    """Remove what tracing notes down at every node: names of source files and lines of this installation."""
    graphs = [model.graph, *model.functions]
    for graph in graphs:
        for node in graph.node:
            del node.metadata_props[:]
            node.doc_string = ""
    for value in (*model.graph.value_info, *model.graph.input, *model.graph.output, *model.graph.initializer):
        del value.metadata_props[:]
        value.doc_string = ""
    del model.graph.metadata_props[:]
    del model.metadata_props[:]


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what torch's exporter says about itself, which no user can act upon."""
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logger.setLevel(logging.ERROR)
        try:
            yield
        finally:
            logger.setLevel(level)


def read_description(metadata: Mapping[str, str]) -> dict[str, Any]:
    """The reverse of `description`, of what a runtime gives as the file's metadata."""
    return {key: _value(text) for key, text in metadata.items()}


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
