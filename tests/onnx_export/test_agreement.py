"""The check that stands between a graph and its file, on graphs of one node."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper

from vocolab.errors import PluginError
from vocolab.onnx_export.agreement import SIZES, TOLERANCE, check_agreement
from vocolab.onnx_export.exportable import Exportable, Port

PORT = Port("mel", ("batch", 2, "frames"), "Two bands")


def doubling() -> onnx.ModelProto:
    """x + x."""
    x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", 2, "frames"]) for name in ("mel", "audio"))
    graph = helper.make_graph([helper.make_node("Add", ["mel", "mel"], ["audio"])], "doubling", [x], [y])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)


def exportable(reference: Callable[..., Any]) -> Exportable:
    def example(batch: int, frames: int, random: np.random.Generator) -> tuple[Any, ...]:
        return (random.uniform(-0.4, 0.4, (batch, 2, frames)).astype(np.float32),)

    return Exportable(
        computes="Twice the mel", network=torch.nn.Identity(), reference=reference, inputs=(PORT,),
        outputs=(Port("audio", PORT.shape, ""),), example=example, context_frames=0,
    )


def test_the_largest_difference_is_found() -> None:
    agreement = check_agreement(doubling(), exportable(lambda x: 2 * x + 5e-5 * (x == x.max())))
    assert agreement.largest_difference == pytest.approx(5e-5, rel=0.01)
    assert agreement.sizes == SIZES
    assert agreement.runtime.startswith("onnxruntime ")


def test_beyond_full_scale_it_is_relative_to_the_peak() -> None:
    """2 x and 2 x + 10: the peak is the reference's, 20 away from 0."""
    with pytest.raises(PluginError, match=r"0\.9\d away from torch"):
        check_agreement(doubling(), exportable(lambda x: 2 * x + 10.0))


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        (lambda x: 2 * x + 2 * TOLERANCE, "0.0002 away from torch"),
        (lambda x: 2 * x + torch.nan, "nan away from torch"),
        (lambda x: 2 * x[..., :-1], "of shape"),
    ],
    ids=["off", "NaN", "another shape"],
)
def test_what_differs_is_refused(reference: Callable[..., Any], said: str) -> None:
    with pytest.raises(PluginError, match=said):
        check_agreement(doubling(), exportable(reference))


def test_a_graph_that_does_not_run_is_refused() -> None:
    model = doubling()
    model.graph.node[0].op_type = "Addd"
    with pytest.raises(PluginError, match="onnxruntime can't run the graph"):
        check_agreement(model, exportable(lambda x: 2 * x))
