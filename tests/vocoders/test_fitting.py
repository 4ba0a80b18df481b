"""A config that asks for a giant is refused by its shapes, before memory is taken for it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from vocolab.catalog import Catalog
from vocolab.errors import CheckpointError
from vocolab.mels.conventions import convention
from vocolab.networks.weights import check_fit, filled
from vocolab.voice import Voice

GIANTS: dict[str, dict[str, Any]] = {  # each of 10 GB or more
    "hifigan": {"upsample_initial_channel": 8192, "resblock_kernel_sizes": [1001] * 3},
    "bigvgan": {"upsample_initial_channel": 8192, "resblock_kernel_sizes": [1001] * 3},
    "vocos": {"dim": 4096, "intermediate_dim": 16_384, "num_layers": 64},
    "diffwave": {"residual_channels": 2048, "residual_layers": 200},
    "waveglow": {"n_channels": 2048, "n_layers": 8, "n_flows": 12},
}


@pytest.mark.parametrize("vocoder", GIANTS)
def test_a_small_voice_that_claims_to_be_a_giant_is_refused(vocoder: str) -> None:
    voice = Voice(vocoder, GIANTS[vocoder], convention("hifigan-22k"), {"some.weight": np.zeros((2, 3), np.float32)})
    with pytest.raises(CheckpointError, match="does not fit its config"):
        Catalog.installed(no_plugins=True).vocoders.create(vocoder, {}, voice, None)


def test_a_network_is_filled_with_what_was_given() -> None:
    tensors = {"weight": np.arange(6, dtype=np.float32).reshape(2, 3), "bias": np.ones(2, np.float32)}
    layer = filled(lambda: nn.Linear(3, 2), tensors, "the layer")
    assert torch.equal(layer(torch.ones(3)), torch.tensor([4.0, 13.0]))


def test_everything_that_does_not_fit_is_listed() -> None:
    tensors = {"weight": np.zeros((2, 4), np.float32), "scale": np.zeros(2, np.float32)}
    with pytest.raises(CheckpointError) as caught:
        check_fit(lambda: nn.Linear(3, 2), tensors, "the layer")
    for part in ("lacks bias", "has scale", "weight is (2, 4), the config asks for (2, 3)"):
        assert part in str(caught.value)
