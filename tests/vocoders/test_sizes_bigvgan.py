"""Sizes of BigVGAN: those of the papers, and those that are counted in the network."""

from __future__ import annotations

from typing import Any

import pytest
from counting import assert_sizes_are_real

from vocolab.mels.conventions import convention
from vocolab_bigvgan.config import BigVganConfig
from vocolab_bigvgan.generator import BigVganGenerator
from vocolab_bigvgan.sizes import sizes

BASE: dict[str, Any] = {
    "upsample_rates": [8, 8, 2, 2], "upsample_kernel_sizes": [16, 16, 4, 4], "upsample_initial_channel": 512,
}
V2_44K: dict[str, Any] = {
    "upsample_rates": [8, 4, 2, 2, 2, 2], "upsample_kernel_sizes": [16, 8, 4, 4, 4, 4],
    "use_tanh_at_final": False, "use_bias_at_final": False,
}


@pytest.mark.parametrize(
    ("config", "mels", "millions"),
    [(BASE, "hifigan-22k", 14.0), ({}, None, 112.4), (V2_44K, "bigvgan-44k", 122.0)],
    ids=["base", "24k", "v2 44k"],
)
def test_the_parameters_are_the_published_ones(config: dict[str, Any], mels: str | None, millions: float) -> None:
    """Lee et al. (2022), table 1, and the model cards of v2."""
    spec = convention(mels) if mels else None
    assert sizes(config, spec).parameters / 1e6 == pytest.approx(millions, abs=0.5)


@pytest.mark.parametrize(
    "config",
    [
        BASE | {"upsample_initial_channel": 32},
        V2_44K | {"upsample_initial_channel": 64},
        BASE | {"upsample_initial_channel": 32, "resblock": "2", "activation": "snake"},
    ],
    ids=["v1", "v2", "block 2"],
)
def test_they_are_what_is_counted(config: dict[str, Any]) -> None:
    spec = convention("bigvgan-44k" if len(config["upsample_rates"]) == 6 else "hifigan-22k")
    network = BigVganGenerator(BigVganConfig.model_validate(config), spec)
    assert_sizes_are_real(sizes(config, spec), network, spec)
