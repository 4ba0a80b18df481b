"""What `vocolab train vocos` trains."""

from __future__ import annotations

from typing import Any

from vocolab.mels.spec import MelSpec
from vocolab.networks.convnext import initialise
from vocolab.options import make_options
from vocolab.training.generator import TrainableGenerator
from vocolab_vocos.config import VocosConfig
from vocolab_vocos.generator import VocosGenerator


def build(model: dict[str, Any], mel_spec: MelSpec) -> TrainableGenerator:
    """What a recipe's `[model]` table describes; see `VocosConfig` for its keys.

    Raises:
        OptionError: if the table has unknown keys or values out of range.
    """
    config = make_options(VocosConfig, model, "[model]")
    network = VocosGenerator(config, mel_spec)
    initialise(network)
    return TrainableGenerator("vocos", config, mel_spec, network)
