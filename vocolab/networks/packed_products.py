"""Linear layers whose weights lie in memory as oneDNN's products read them; for inference on a CPU. Imports torch.

torch's own product orders a part of the weights anew at each call and adds the bias in a pass of its own. With weights
that were ordered once, 430 rows of 256 channels to 768 and a GELU take 0.7 of the time, 44 rows 0.8 of it. torch has
the product for its compiler, under a name that is no promise: where it is not found, or doesn't do as expected, layers
stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vocolab.networks.convnext import ConvNeXtBlock

Activation = Literal["none", "gelu"]

_LEAST_WEIGHTS = 2**16
"""A call takes 10 us longer than torch's own: 128 by 128 channels are faster without."""


class PackedLinear(nn.Module):
    """What a linear layer gives, and an activation after it. On another device, and unpacked, it is a plain one."""

    def __init__(self, layer: nn.Linear, activation: Activation = "none") -> None:
        super().__init__()
        self.in_features, self.out_features, self.activation = layer.in_features, layer.out_features, activation
        self.weight = nn.Parameter(packed(layer.weight), requires_grad=False)
        self.bias = None if layer.bias is None else nn.Parameter(layer.bias.detach(), requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        """(..., in_features) to (..., out_features)."""
        return product(x, self.weight, self.bias, self.activation)

    def unpack(self) -> None:
        """Weights as torch stores them from now on."""
        self.weight = self._plain()

    def _plain(self) -> nn.Parameter:
        weight = self.weight
        return nn.Parameter(weight.to_dense(), requires_grad=False) if weight.is_mkldnn else weight

    def __getstate__(self) -> dict[str, Any]:
        """For copies, which are unpacked: what is packed has no storage that could be copied."""
        return {**self.__dict__, "_parameters": {**self._parameters, "weight": self._plain()}}

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> PackedLinear:
        """As `Module.to` and its like call it: what is packed can't be moved as it is."""
        was_packed = self.weight.is_mkldnn
        self.unpack()
        super()._apply(fn, recurse)  # type: ignore[no-untyped-call]
        if was_packed and can_pack(self.weight):
            self.weight = nn.Parameter(packed(self.weight), requires_grad=False)
        return self


def with_packed_products(network: nn.Module) -> nn.Module:
    """`network`, every larger linear layer in it packed, where that can be."""
    if isinstance(network, ConvNeXtBlock) and isinstance(network.act, nn.GELU) and can_pack(network.pwconv1.weight):
        setattr(network, "pwconv1", PackedLinear(network.pwconv1, "gelu"))  # noqa: B010  of another class than it has
        setattr(network, "act", nn.Identity())  # noqa: B010
    for name, child in list(network.named_children()):
        if isinstance(child, nn.Linear):
            if can_pack(child.weight):
                setattr(network, name, PackedLinear(child))
        else:
            with_packed_products(child)
    return network


def unpack(network: nn.Module) -> None:
    """Let all linear layers of a network be plain ones, of any precision, again."""
    for layer in network.modules():
        if isinstance(layer, PackedLinear):
            layer.unpack()


def can_pack(weight: Tensor) -> bool:
    """Whether a product with these weights (outputs, inputs) is faster packed, and can be."""
    is_dense = weight.layout is torch.strided and weight.dtype is torch.float32
    return is_dense and weight.device.type == "cpu" and weight.numel() >= _LEAST_WEIGHTS and _is_there()


@torch.no_grad()
def packed(weight: Tensor) -> Tensor:
    """Weights (outputs, inputs) that `can_pack`, as `product` takes them."""
    ordered: Tensor = _operators()._reorder_linear_weight(weight.detach().contiguous())
    return ordered


def product(x: Tensor, weight: Tensor, bias: Tensor | None, activation: Activation = "none") -> Tensor:
    """(..., inputs) to (..., outputs), with weights (outputs, inputs) that are `packed` or plain."""
    if not weight.is_mkldnn:
        y = F.linear(x, weight, bias)
        return F.gelu(y) if activation == "gelu" else y
    found: Tensor = _operators()._linear_pointwise(x, weight, bias, activation, [], "none")
    return found


def _operators() -> Any:
    return torch.ops.mkldnn


@cache
def _is_there() -> bool:
    """Whether torch has the product, and it is one."""
    if not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return False
    try:
        with torch.no_grad():
            x, weight, bias = torch.arange(-6.0, 6).reshape(3, 4), torch.arange(20.0).reshape(5, 4) / 20, torch.ones(5)
            found = product(x, packed(weight), bias, "gelu")
            is_one = torch.allclose(found, F.gelu(F.linear(x, weight, bias)), rtol=1e-4, atol=1e-5)
            return is_one and torch.equal(packed(weight).to_dense(), weight)
    except (AttributeError, RuntimeError, TypeError):  # another version of torch may lack it, or spell it otherwise
        return False
