"""Packed linear layers give what plain ones give, wherever they go."""

from __future__ import annotations

from copy import deepcopy

import pytest
import torch
from torch import nn

from vocolab.networks.convnext import Backbone, initialise
from vocolab.networks.execution import TorchExecution
from vocolab.networks.packed_products import PackedLinear, _is_there, can_pack, unpack, with_packed_products

pytestmark = pytest.mark.skipif(not _is_there(), reason="this torch has no packed products")


def layer(bias: bool = True) -> nn.Linear:
    torch.manual_seed(1)
    return nn.Linear(256, 320, bias=bias).requires_grad_(False)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("shape", [(256,), (1, 256), (44, 256), (2, 7, 256), (0, 256), (2, 0, 256)])
def test_products_are_those_of_the_plain_layer(shape: tuple[int, ...], bias: bool) -> None:
    plain, x = layer(bias), torch.randn(shape)
    found = PackedLinear(plain)(x)
    assert found.shape == (*shape[:-1], 320)
    torch.testing.assert_close(found, plain(x), rtol=1e-5, atol=1e-5)


def test_rows_may_lie_anywhere_in_memory() -> None:
    plain, packed = layer(), PackedLinear(layer())
    for x in (torch.randn(256, 9).t(), torch.randn(9, 300)[:, 20:276]):
        torch.testing.assert_close(packed(x), plain(x), rtol=1e-5, atol=1e-5)


def test_an_activation_follows() -> None:
    plain, x = layer(), 3 * torch.randn(50, 256)
    packed = PackedLinear(plain, "gelu")
    torch.testing.assert_close(packed(x), nn.functional.gelu(plain(x)), rtol=1e-5, atol=1e-5)
    packed.unpack()
    torch.testing.assert_close(packed(x), nn.functional.gelu(plain(x)), rtol=1e-5, atol=1e-5)


def test_small_layers_and_other_types_stay_as_they_are() -> None:
    assert can_pack(layer().weight)
    assert not can_pack(nn.Linear(16, 16).weight)
    assert not can_pack(layer().double().weight)
    network = with_packed_products(nn.Sequential(nn.Linear(16, 16), layer().bfloat16()))
    assert [type(child) for child in network] == [nn.Linear, nn.Linear]


def test_weights_move_and_change_their_type() -> None:
    plain, x = layer(), torch.randn(5, 256)
    packed = PackedLinear(plain).double()
    assert packed.weight.dtype is torch.float64
    torch.testing.assert_close(packed(x.double()), plain.double()(x.double()))
    assert packed.to("meta").weight.device.type == "meta"


def test_copies_are_plain_and_leave_it_packed() -> None:
    packed, x = PackedLinear(layer()), torch.randn(5, 256)
    copy = deepcopy(packed)
    assert packed.weight.is_mkldnn
    assert torch.equal(copy.weight, layer().weight)
    torch.testing.assert_close(copy(x), packed(x), rtol=1e-5, atol=1e-5)


def test_a_network_is_packed_to_run_and_unpacked_for_16_bits() -> None:
    torch.manual_seed(2)
    backbone = Backbone(20, 160, 480, 2)
    initialise(backbone)
    x = torch.randn(1, 20, 30)
    with torch.inference_mode():
        wanted = backbone(x)
    (found,) = TorchExecution(backbone)(x.numpy())
    packed = [module for module in backbone.modules() if isinstance(module, PackedLinear)]
    assert [one.activation for one in packed] == ["gelu", "none", "gelu", "none"]
    torch.testing.assert_close(torch.from_numpy(found), wanted, rtol=1e-4, atol=1e-5)
    (narrow,) = TorchExecution(backbone, narrow=torch.bfloat16)(x.numpy())
    assert not any(one.weight.is_mkldnn for one in packed)
    assert 1e-6 < abs(narrow - found).max() < 0.1 * abs(found).max()


def test_unpacking_twice_does_no_harm() -> None:
    network = with_packed_products(nn.Sequential(layer()))
    unpack(network)
    unpack(network)
    assert torch.equal(network[0].weight, layer().weight)
