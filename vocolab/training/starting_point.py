"""Fine-tuning: a trained voice's weights as what a run begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.utils import parametrize

from vocolab.errors import CallError, CheckpointError, listed
from vocolab.mels.convert import compare
from vocolab.mels.spec import MelSpec
from vocolab.training.checksums import arrays_sha256
from vocolab.training.interfaces import Trainable
from vocolab.training.recipe import Recipe
from vocolab.voice import Voice

_KEPT = ("licence", "trained_on", "steps", "source", "source_sha256", "recipe", "recipe_changes", "given_mels")
_GENERATIONS = 4
"""How far back a voice knows what it was fine-tuned from: recipes are long."""


@dataclass(frozen=True, eq=False)
class StartingPoint:
    """A voice, and the name or file that it was asked for by."""

    name: str
    voice: Voice

    def model(self, recipe: Recipe, model: str) -> dict[str, Any]:
        """The voice's architecture; a `[model]` table has to agree with it where both speak.

        Tables inside `[model]` say how it is used rather than how large it is, such as who speaks: the recipe's keys go
        before the voice's there, and what can't be changed is for the trainable's `start_from` to refuse.

        Raises:
            CallError: if the voice is another model's, or the recipe asks for another architecture.
        """
        if self.voice.model != model:
            raise CallError(f"--from {self.name}: a voice of {self.voice.model}, not of {model}")
        ours, theirs = recipe.model, self.voice.config
        differing = [
            f"{key} {value!r}, not {theirs[key]!r}" for key, value in ours.items()
            if not isinstance(value, dict) and theirs.get(key, value) != value
        ]
        if differing:
            raise CallError(f"--from {self.name}: the recipe's [model] is another architecture than the voice's: "
                            f"{listed(differing, 4, separator='; ')}. Leave the table out to take the voice's")
        tables = {key: {**theirs.get(key, {}), **value} for key, value in ours.items() if isinstance(value, dict)}
        return {**theirs, **ours, **tables}

    def mel_spec(self, recipe: Recipe) -> MelSpec:
        """The voice's convention; the recipe's where the voice has none.

        Raises:
            CallError: if the recipe names another, with the fields that differ.
        """
        if self.voice.mel_spec is None:
            return recipe.convention()
        if "mel_spec" in recipe.model_fields_set:
            fields = compare(recipe.convention(), self.voice.mel_spec).fields
            if fields:
                raise CallError(f"--from {self.name}: the recipe's mel_spec {recipe.mel_spec!r} differs from "
                                f"the voice's in {', '.join(fields)}. Leave it out to take the voice's")
        return self.voice.mel_spec

    def apply(self, trainable: Trainable) -> None:
        """Put the weights into the network.

        Raises:
            CheckpointError: if they don't fit.
        """
        own = getattr(trainable, "start_from", None)
        if own is not None:
            own(self.voice)
        else:
            put_weights(trainable.network, self.voice.float32(), self.name)

    @cached_property
    def weights_sha256(self) -> str:
        """Of the weights in float32, by name: what tells one voice from another of the same name."""
        return arrays_sha256(self.voice.float32())

    def provenance(self) -> dict[str, Any]:
        """What an exported voice says of it, its recipe and what it was fine-tuned from itself included."""
        name = Path(self.name).name  # where the file lay is nobody's business
        return {"voice": name, **_kept(self.voice.provenance, _GENERATIONS), "weights_sha256": self.weights_sha256}


def _kept(provenance: Mapping[str, Any], generations: int) -> dict[str, Any]:
    kept = {key: provenance[key] for key in _KEPT if provenance.get(key)}
    parent = provenance.get("fine_tuned_from")
    if isinstance(parent, Mapping) and generations > 1:
        own = {key: parent[key] for key in ("voice", "weights_sha256") if key in parent}
        kept["fine_tuned_from"] = {**own, **_kept(parent, generations - 1)}
    return kept


def put_weights(network: nn.Module, tensors: Mapping[str, NDArray[np.float32]], what: str) -> None:
    """Put tensors by their names into `network`, every one and no other; where it has weight norm, unfolded.

    Raises:
        CheckpointError: naming what is missing, unknown or of another shape.
    """
    places = dict(_places(network))
    shapes = {name: tuple(getattr(module, attribute).shape) for name, (module, attribute) in places.items()}
    problems = [f"lacks {name}" for name in places if name not in tensors]
    problems += [f"has {name}, which the model does not" for name in tensors if name not in places]
    problems += [
        f"{name} is {tuple(tensors[name].shape)}, the model asks for {shape}"
        for name, shape in shapes.items()
        if name in tensors and tuple(tensors[name].shape) != shape
    ]
    if problems:
        raise CheckpointError(f"{what} does not fit the model: {listed(problems, 4, separator='; ')}")
    with torch.no_grad():
        for name, (module, attribute) in places.items():
            _put(module, attribute, torch.from_numpy(np.array(tensors[name])))


def _places(network: nn.Module) -> list[tuple[str, tuple[nn.Module, str]]]:
    """Names of all weights, as if none were parametrized, and where they are."""
    places = []
    kept = set(network.state_dict())
    for prefix, module in network.named_modules():
        if "parametrizations" in prefix.split("."):
            continue
        stem = f"{prefix}." if prefix else ""
        own = [name for name, _ in module.named_parameters(recurse=False)]
        own += [name for name, _ in module.named_buffers(recurse=False) if stem + name in kept]
        folded = list(module.parametrizations) if parametrize.is_parametrized(module) else []
        places += [(stem + name, (module, name)) for name in [*own, *folded]]
    return places


def _put(module: nn.Module, attribute: str, value: Tensor) -> None:
    if parametrize.is_parametrized(module, attribute):
        setattr(module, attribute, value)
    else:
        getattr(module, attribute).copy_(value)
