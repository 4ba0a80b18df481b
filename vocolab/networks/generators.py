"""A generator as a voice's config describes it. Imports torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from torch import nn

from vocolab.errors import CheckpointError
from vocolab.errors.problems import OptionProblem, problems_text
from vocolab.mels.spec import MelSpec
from vocolab.networks.weights import filled
from vocolab.options import Options
from vocolab.voice import Voice

C = TypeVar("C", bound=Options)
G = TypeVar("G", bound=nn.Module)


def generator_of(
    voice: Voice, config: type[C], problems: Callable[[Mapping[str, Any], int], Sequence[OptionProblem]],
    make: Callable[[C, MelSpec], G], what: str,
) -> G:
    """The generator that a voice's config describes, with its weights.

    Args:
        voice: Of a vocoder.
        config: What its config is read into.
        problems: All that is wrong with such a config for a hop of so many samples.
        make: Builds the network.
        what: Its kind with an article, for messages: "a HiFi-GAN generator".

    Raises:
        CheckpointError: if the config doesn't fit the mels or the weights.
    """
    spec = voice.mel_spec
    if spec is None:
        raise CheckpointError("the voice states no mel convention, and a vocoder has one")
    if found := problems(voice.config, spec.hop_samples):
        raise CheckpointError(f"the config does not describe {what}: {problems_text(found)}")
    read = config.model_validate(voice.config)
    return filled(lambda: make(read, spec), voice.float32(), "the checkpoint")
