"""Exported files of the tiny voices, each built once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from exported_graph import Graph
from tiny_voices import voice

import vocolab


@pytest.fixture(scope="session")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Graph]:
    """The exported voice of a name of `tiny_voices.VOICES`."""
    folder = tmp_path_factory.mktemp("exported")
    built: dict[str, Graph] = {}

    def get(name: str) -> Graph:
        import onnxruntime

        if name not in built:
            made = voice(name)
            path = folder / f"{name.replace(' ', '-')}.onnx"
            vocolab.export(made, path)
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1
            session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
            built[name] = Graph(path, made, session)
        return built[name]

    return get
