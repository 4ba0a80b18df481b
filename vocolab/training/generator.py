"""Generators to train: what `vocolab train` needs of a network that maps mels to audio, whosever it is.

For the `trainer` of a plugin; it builds the network, and the rest is here. Imports torch, and no plugin.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel
from torch import Tensor, nn
from torch.nn.utils.parametrizations import weight_norm

from vocolab.checkpoints import fold_weight_norm
from vocolab.mels.spec import MelSpec
from vocolab.voice import Voice

N = TypeVar("N", bound=nn.Module)


class TrainableGenerator:
    """A `Trainable` around a generator: the trainer brings the losses, discriminators and teachers.

    Args:
        model: The vocoder's name: whose voice `export` gives.
        config: The architecture; its fields are what the voice keeps of it.
        mel_spec: The convention of the mels that the network takes.
        network: Freshly initialised, (batch, n_mels, frames) to (batch, frames * hop_samples); weight norm, on all of
            its layers, on some or on none, is folded in the voice.
    """

    def __init__(self, model: str, config: BaseModel, mel_spec: MelSpec, network: nn.Module) -> None:
        self.model, self.config, self.mel_spec = model, config, mel_spec
        self.network = network

    def export(self, state: Mapping[str, Any]) -> Voice:
        """A voice from a state dict of `network`, on the CPU.

        Raises:
            CheckpointError: if a gain and a direction of its weight norm do not fit together.
        """
        return voice_from_state(self.model, self.config.model_dump(), self.mel_spec, state)

    def render(self, network: nn.Module, mel: Tensor, seed: int = 0) -> Tensor:
        """Audio (batch, frames * hop_samples) for a mel (batch, n_mels, frames); nothing is random."""
        audio: Tensor = network(mel)
        return audio


def voice_from_state(
    model: str, config: dict[str, Any], mel_spec: MelSpec | None, state: Mapping[str, Any], *, kind: str = "vocoder"
) -> Voice:
    """A voice, without its provenance, from a network's state dict on the CPU; weight norm is folded.

    Raises:
        CheckpointError: if a gain and a direction of its weight norm do not fit together.
    """
    tensors = fold_weight_norm({name: tensor.numpy() for name, tensor in state.items()})
    return Voice(model, config, mel_spec, tensors, kind=kind)


def weight_normed(network: N) -> N:
    """`network` itself, all of its 1-D convolutions, transposed ones too, under weight norm; it computes the same.

    Initialise the weights before. Salimans and Kingma, "Weight Normalization" (2016).
    """
    for module in list(network.modules()):
        if isinstance(module, nn.Conv1d | nn.ConvTranspose1d):
            weight_norm(module)
    return network
