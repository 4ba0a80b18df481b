"""Sizes computed from a config are those of the network that the config builds."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from counting import assert_sizes_are_real, multiplications

from vocolab.mels.conventions import convention
from vocolab.mels.inversion import STEPS
from vocolab.networks.sizes import Cost, convolution, total
from vocolab_griffinlim.options import GriffinLimOptions
from vocolab_griffinlim.sizes import INVERSION_STEPS
from vocolab_griffinlim.sizes import sizes as griffinlim_sizes
from vocolab_griffinlim.vocoder import GriffinLim
from vocolab_hifigan.config import HifiGanConfig
from vocolab_hifigan.generator import HifiGanGenerator
from vocolab_hifigan.sizes import sizes as hifigan_sizes
from vocolab_vocos.config import VocosConfig
from vocolab_vocos.generator import VocosGenerator
from vocolab_vocos.sizes import sizes as vocos_sizes

HIFIGAN: dict[str, dict[str, Any]] = {
    "v2": {"upsample_initial_channel": 128},
    "v3": {
        "resblock": "2", "upsample_rates": [8, 8, 4], "upsample_kernel_sizes": [16, 16, 8],
        "upsample_initial_channel": 256, "resblock_kernel_sizes": [3, 5, 7],
        "resblock_dilation_sizes": [[1, 2], [2, 6], [3, 12]],
    },
    "istft": {
        "upsample_rates": [8, 8], "upsample_kernel_sizes": [16, 16], "upsample_initial_channel": 64,
        "gen_istft_n_fft": 16, "gen_istft_hop_size": 4,
    },
}


@pytest.mark.parametrize("name", HIFIGAN)
def test_hifigan(name: str) -> None:
    spec = convention("hifigan-22k")
    network = HifiGanGenerator(HifiGanConfig.model_validate(HIFIGAN[name]), spec)
    assert_sizes_are_real(hifigan_sizes(HIFIGAN[name], spec), network, spec)


@pytest.mark.parametrize("name", ["hifigan-22k", "vocos-24k", "studio-48k"])
def test_vocos(name: str) -> None:
    config, spec = {"dim": 48, "intermediate_dim": 80, "num_layers": 3}, convention(name)
    assert_sizes_are_real(vocos_sizes(config, spec), VocosGenerator(VocosConfig(**config), spec), spec)


@pytest.mark.parametrize(
    ("name", "millions"), [("v1", 13.92), ("v2", 0.92), ("v3", 1.46)]
)
def test_hifigan_has_the_parameters_that_its_paper_states(name: str, millions: float) -> None:
    """Kong, Kim and Bae (2020), table 1."""
    assert hifigan_sizes(HIFIGAN.get(name, {}), None).parameters / 1e6 == pytest.approx(millions, abs=0.02)


def test_vocos_has_the_parameters_that_its_paper_states() -> None:
    """Siuzdak (2023), table 4: 13.5 M."""
    assert vocos_sizes({}, None).parameters / 1e6 == pytest.approx(13.5, abs=0.05)


def test_griffinlim_has_no_parameters_and_the_context_of_its_vocoder() -> None:
    sizes = griffinlim_sizes({}, None)
    assert sizes.parameters == 0
    assert sizes.context_frames == GriffinLim(GriffinLimOptions()).context_frames
    assert INVERSION_STEPS == STEPS
    twice = griffinlim_sizes({"iterations": 120}, None)
    assert 1.5 < twice.macs_per_second / sizes.macs_per_second < 2.0
    assert "120 iterations" in twice.note


@pytest.mark.parametrize("groups", [1, 4])
def test_a_convolution_costs_what_torch_multiplies(groups: int) -> None:
    cost = convolution(8, 12, 5, 100.0, groups=groups)
    layer = torch.nn.Conv1d(8, 12, 5, groups=groups)
    assert cost.parameters == sum(parameter.numel() for parameter in layer.parameters())
    assert cost.macs_per_second == multiplications(layer, torch.zeros(1, 8, 104))


def test_costs_add_up() -> None:
    assert total(Cost(1, 2.0), Cost(3, 4.0) * 2) == Cost(7, 10.0)
