"""A network of two layers that every engine runs, written down three times: in NumPy, as a graph, and in torch.

A convolution over three frames, tanh, and a transposed one that makes four samples of each frame. Their weights are
drawn from a seed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import nn

_BANDS, _HIDDEN, _WIDTH, _HOP = 4, 6, 3, 4
_RANDOM = np.random.default_rng(11)
_INWARD = _RANDOM.normal(0, 0.4, (_HIDDEN, _BANDS, _WIDTH)).astype(np.float32)
_BIAS = _RANDOM.normal(0, 0.1, _HIDDEN).astype(np.float32)
_OUTWARD = _RANDOM.normal(0, 0.4, (_HIDDEN, 1, _HOP)).astype(np.float32)


def mel(frames: int) -> NDArray[np.float32]:
    """An input of (1, 4, frames), always the same."""
    return np.random.default_rng(frames).normal(0, 1, (1, _BANDS, frames)).astype(np.float32)


def expected(given: NDArray[np.float32]) -> NDArray[np.float32]:
    """What the network makes of it, (1, 1, 4 * frames), computed in float64."""
    frames = given.shape[-1]
    padded = np.pad(given[0].astype(np.float64), ((0, 0), (1, 1)))
    taps = (_INWARD[:, :, tap].astype(np.float64) @ padded[:, tap : tap + frames] for tap in range(_WIDTH))
    hidden = np.tanh(sum(taps) + _BIAS[:, None])
    samples = _OUTWARD[:, 0, :].astype(np.float64).T @ hidden
    joined: NDArray[np.float32] = samples.T.reshape(1, 1, -1).astype(np.float32)
    return joined


def as_graph() -> bytes:
    """The same as an ONNX graph, whose length is free."""
    from onnx import TensorProto, helper, numpy_helper

    given = helper.make_tensor_value_info("mel", TensorProto.FLOAT, [1, _BANDS, "frames"])
    made = helper.make_tensor_value_info("audio", TensorProto.FLOAT, [1, 1, "samples"])
    weights = {"inward": _INWARD, "bias": _BIAS, "outward": _OUTWARD}
    nodes = [
        helper.make_node("Conv", ["mel", "inward", "bias"], ["sums"], pads=[1, 1]),
        helper.make_node("Tanh", ["sums"], ["hidden"]),
        helper.make_node("ConvTranspose", ["hidden", "outward"], ["audio"], strides=[_HOP]),
    ]
    constants = [numpy_helper.from_array(values, name) for name, values in weights.items()]
    graph = helper.make_graph(nodes, "small", [given], [made], constants)
    model = helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)])
    return bytes(model.SerializeToString())


def as_torch() -> nn.Module:
    """The same in torch."""
    import torch
    from torch import nn

    inward = nn.Conv1d(_BANDS, _HIDDEN, _WIDTH, padding=1)
    outward = nn.ConvTranspose1d(_HIDDEN, 1, _HOP, stride=_HOP, bias=False)
    with torch.no_grad():
        for parameter, values in ((inward.weight, _INWARD), (inward.bias, _BIAS), (outward.weight, _OUTWARD)):
            assert parameter is not None
            parameter.copy_(torch.from_numpy(values))
    return nn.Sequential(inward, nn.Tanh(), outward).eval()
