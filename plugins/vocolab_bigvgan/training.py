"""What `vocolab train bigvgan` trains."""

from __future__ import annotations

from typing import Any

from torch import nn

from vocolab.errors import OptionError
from vocolab.mels.spec import MelSpec
from vocolab.training.generator import TrainableGenerator, weight_normed
from vocolab_bigvgan.config import BigVganConfig, config_problems
from vocolab_bigvgan.generator import BigVganGenerator

_DEVIATION = 0.01
"""Of the initial weights of all convolutions but the first, as published."""


def build(model: dict[str, Any], mel_spec: MelSpec) -> TrainableGenerator:
    """What a recipe's `[model]` table describes, in the keys of the published config.json, under weight norm.

    Raises:
        OptionError: if the generator would not fit the mels, every problem named.
    """
    problems = config_problems(model, mel_spec.hop_samples)
    if problems:
        raise OptionError(problems, owner="[model]")
    config = BigVganConfig.model_validate(model)
    network = initialise(BigVganGenerator(config, mel_spec))
    return TrainableGenerator("bigvgan", config, mel_spec, weight_normed(network))


def initialise(network: BigVganGenerator) -> BigVganGenerator:
    """Published initial weights: the first convolution's are torch's own."""
    for name, module in network.named_modules():
        if isinstance(module, nn.Conv1d | nn.ConvTranspose1d) and name != "conv_pre":
            nn.init.normal_(module.weight, std=_DEVIATION)
    return network
