"""What `vocolab train hifigan` trains."""

from __future__ import annotations

from typing import Any

from vocolab.errors import OptionError
from vocolab.mels.spec import MelSpec
from vocolab.training.generator import TrainableGenerator, weight_normed
from vocolab_hifigan.config import HifiGanConfig, config_problems
from vocolab_hifigan.generator import HifiGanGenerator


def build(model: dict[str, Any], mel_spec: MelSpec) -> TrainableGenerator:
    """What a recipe's `[model]` table describes, in the keys of the published config.json, under weight norm.

    Raises:
        OptionError: if the generator would not fit the mels, every problem named.
    """
    problems = config_problems(model, mel_spec.hop_samples)
    if problems:
        raise OptionError(problems, owner="[model]")
    config = HifiGanConfig.model_validate(model)
    return TrainableGenerator("hifigan", config, mel_spec, weight_normed(HifiGanGenerator(config, mel_spec)))
