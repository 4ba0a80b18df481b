"""What `vocolab train vocos` trains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from vocolab.mels.spec import MelSpec
from vocolab.options import make_options
from vocolab.voice import Voice
from vocolab_vocos.config import VocosConfig
from vocolab_vocos.generator import VocosGenerator, initialise


class TrainableVocos:
    """A freshly initialised Vocos generator, and how its weights become a voice."""

    def __init__(self, config: VocosConfig, mel_spec: MelSpec) -> None:
        self.config, self.mel_spec = config, mel_spec
        self.network = VocosGenerator(config, mel_spec)
        initialise(self.network)

    def export(self, state: Mapping[str, Any]) -> Voice:
        """A voice from a state dict of `network`."""
        tensors = {name: tensor.numpy() for name, tensor in state.items()}
        return Voice("vocos", self.config.model_dump(), self.mel_spec, tensors)

    def render(self, network: nn.Module, mel: Tensor, seed: int = 0) -> Tensor:
        """Audio (batch, frames * hop_samples) for a mel (batch, n_mels, frames); nothing is random."""
        audio: Tensor = network(mel)
        return audio


def build(model: dict[str, Any], mel_spec: MelSpec) -> TrainableVocos:
    """What a recipe's `[model]` table describes; see `VocosConfig` for its keys.

    Raises:
        OptionError: if the table has unknown keys or values out of range.
    """
    return TrainableVocos(make_options(VocosConfig, model, "recipe [model]"), mel_spec)
