"""What `vocolab train bigvgan` trains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn
from torch.nn.utils.parametrizations import weight_norm

from vocolab.checkpoints import fold_weight_norm
from vocolab.errors import OptionError
from vocolab.mels.spec import MelSpec
from vocolab.voice import Voice
from vocolab_bigvgan.config import BigVganConfig, config_problems
from vocolab_bigvgan.generator import BigVganGenerator

_DEVIATION = 0.01
"""Of the initial weights of all convolutions but the first, as published."""


class TrainableBigVgan:
    """A freshly initialised generator under weight norm, and how its weights become a voice."""

    def __init__(self, config: BigVganConfig, mel_spec: MelSpec) -> None:
        self.config, self.mel_spec = config, mel_spec
        self.network = BigVganGenerator(config, mel_spec)
        for name, module in list(self.network.named_modules()):
            if isinstance(module, nn.Conv1d | nn.ConvTranspose1d):
                if name != "conv_pre":
                    nn.init.normal_(module.weight, std=_DEVIATION)
                weight_norm(module)

    def export(self, state: Mapping[str, Any]) -> Voice:
        """A voice from a state dict of `network`, weight norm folded."""
        tensors = fold_weight_norm({name: tensor.numpy() for name, tensor in state.items()})
        return Voice("bigvgan", self.config.model_dump(), self.mel_spec, tensors)

    def render(self, network: nn.Module, mel: Tensor, seed: int = 0) -> Tensor:
        """Audio (batch, frames * hop_samples) for a mel (batch, n_mels, frames); nothing is random."""
        audio: Tensor = network(mel)
        return audio


def build(model: dict[str, Any], mel_spec: MelSpec) -> TrainableBigVgan:
    """What a recipe's `[model]` table describes, in the keys of the published config.json.

    Raises:
        OptionError: if the generator would not fit the mels, every problem named.
    """
    problems = config_problems(model, mel_spec.hop_samples)
    if problems:
        raise OptionError("; ".join(f"recipe [model] {problem}" for problem in problems))
    return TrainableBigVgan(BigVganConfig.model_validate(model), mel_spec)
