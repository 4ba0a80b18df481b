"""Engines: torch, ONNX Runtime, OpenVINO."""

from __future__ import annotations

from collections.abc import Iterable

from vocolab.plugins.hookspecs import hookimpl
from vocolab.plugins.specs import EngineSpec


@hookimpl
def vocolab_engines() -> Iterable[EngineSpec]:
    """The engines inside, ranked by what was measured on a CPU: `vocolab bench speed`."""
    yield EngineSpec(
        name="torch",
        summary="PyTorch, on the CPU and on GPUs; runs every model",
        target="vocolab_engines.torch_engine:TorchEngine",
        runs="network",
        packages=("torch",),
        devices=("cpu", "cuda", "mps"),
    )
    yield EngineSpec(
        name="onnx",
        summary="ONNX Runtime, on the CPU",
        target="vocolab_engines.onnx_engine:OnnxEngine",
        extra="onnx",
        runs="graph",
        packages=("onnxruntime",),
        rank=10,
    )
    yield EngineSpec(
        name="openvino",
        summary="OpenVINO, on the CPU; 'fast' in bfloat16 where the processor has it",
        target="vocolab_engines.openvino_engine:OpenVinoEngine",
        extra="openvino",
        runs="graph",
        packages=("openvino",),
        rank=20,
    )
