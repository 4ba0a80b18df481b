"""The network in rows gives what its modules give, however many rows there are."""

from __future__ import annotations

import pytest

from vocolab.mels.conventions import convention

torch = pytest.importorskip("torch")

from vocolab_diffwave.config import DiffWaveConfig  # noqa: E402
from vocolab_diffwave.network import DiffWave, initialise  # noqa: E402
from vocolab_diffwave.rows import TILE_ROWS, RowNetwork, Told  # noqa: E402

SPEC = convention("hifigan-22k")
CONFIGS = {
    "one sample": {"residual_channels": 16, "residual_layers": 7, "dilation_cycle_length": 4},
    # As many bands as a layer's product has outputs: what is projected can't be told apart by its shape.
    "groups": {"residual_channels": 32, "residual_layers": 3, "dilation_cycle_length": 3, "samples_per_group": 64,
               "conditioner_channels": 64},
}


@pytest.mark.parametrize("rows", [1, 5, TILE_ROWS, TILE_ROWS + 77])
@pytest.mark.parametrize("is_projected", [False, True])
@pytest.mark.parametrize("name", CONFIGS)
def test_it_is_the_network(name: str, is_projected: bool, rows: int) -> None:
    torch.manual_seed(0)
    network = DiffWave(DiffWaveConfig.model_validate(CONFIGS[name]), SPEC).eval().requires_grad_(False)
    initialise(network)
    torch.nn.init.normal_(network.output_projection.weight)
    group, bands = network.input_projection.in_channels, network.residual_layers[0].conditioner_projection.in_channels
    noisy, mel, step = torch.randn(1, group, rows), torch.randn(1, bands, rows), torch.tensor([3])
    wanted = network(noisy, step, network.condition(mel))
    made = RowNetwork(network)
    told = [Told(layer.condition(mel[0].T) if is_projected else mel[0].T, is_projected) for layer in made.layers]
    torch.testing.assert_close(made(noisy, step, told), wanted, rtol=0, atol=2e-5 * float(wanted.abs().max()))
