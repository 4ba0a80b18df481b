"""A published checkpoint becomes a voice: opened, recognised, converted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vocolab.checkpoints.agreement import contradiction
from vocolab.checkpoints.checkpoint import Checkpoint, open_checkpoint
from vocolab.checkpoints.recognition import Chosen, called, confirmed, recognised, summary
from vocolab.checkpoints.views import at_place
from vocolab.errors import CallError, CheckpointError, PluginError, listed
from vocolab.voice import Voice

if TYPE_CHECKING:
    from vocolab.catalog import Catalog
    from vocolab.mels.spec import MelSpec
    from vocolab.plugins.host import Entry
    from vocolab.plugins.specs import ModelSpec


@dataclass(frozen=True)
class Conversion:
    """What became of a checkpoint."""

    voice: Voice
    layout: str
    """The spelling that was recognised, in words."""
    assumptions: tuple[str, ...] = ()
    """What the file does not say and what was taken instead, a sentence each without a full stop at its end."""
    remarks: tuple[str, ...] = ()
    """What was chosen or changed on the way: which of several files, averages before raw weights, half precision."""


def convert_checkpoint(
    catalog: Catalog,
    path: str | PathLike[str],
    model: str | None = None,
    *,
    config: str | PathLike[str] | None = None,
    mel_spec: MelSpec | None = None,
    key: str | None = None,
    layout: str | None = None,
) -> Conversion:
    """The voice in a published checkpoint; its provenance names the file, its sha256, the layout and what was assumed.

    Args:
        catalog: What is installed.
        path: A file, or a folder with one file of weights.
        model: What the checkpoint is of. None: every model with a recogniser is asked.
        config: Its configuration. None: the one inside or beside it.
        mel_spec: The convention of its mels. None: what the configuration says, or the family's.
        key: Where in the file the model is, "model.generator", for a file that holds several.
        layout: Which of several layouts it is, for a file that can't tell.

    Raises:
        UnknownName, CallError: if there is no such model, or it reads no checkpoints.
        UnsafePickle: if the file asks for more than tensors and containers.
        CheckpointError: if nobody knows it, several do, or it does not fit its config.
        PluginError: if the plugin is broken.
    """
    named = catalog.models.get(model) if model is not None else None
    if named is not None and not named.spec.converter:
        raise CallError(f"{model} reads no published checkpoints: its plugin names no converter")
    checkpoint = _keyed(open_checkpoint(path, config, layout=layout), key)
    chosen = recognised(catalog, checkpoint) if named is None else confirmed(catalog, named, checkpoint)
    conversion = _converted(chosen, mel_spec)
    facts: dict[str, Any] = {
        "source": checkpoint.path.name, "source_sha256": checkpoint.sha256, "source_layout": conversion.layout,
    }
    if conversion.assumptions:
        facts["assumed"] = list(conversion.assumptions)
    remarks = (*chosen.checkpoint.remarks, *conversion.remarks, *_precision(chosen.checkpoint.content))
    provenance = {**conversion.voice.provenance, **facts}
    return replace(conversion, voice=replace(conversion.voice, provenance=provenance), remarks=remarks)


def _keyed(checkpoint: Checkpoint, key: str | None) -> Checkpoint:
    if key is None:
        return checkpoint
    content = at_place(checkpoint.content, key)
    if content is None:
        raise CheckpointError(f"holds nothing under {key!r}; it holds {summary(checkpoint.content)}",
            about=checkpoint.path)
    return checkpoint.holding(content)


def _converted(chosen: Chosen, mel_spec: MelSpec | None) -> Conversion:
    """The conversion with the config beside the weights, or with the one of several that fits them."""
    candidates = (chosen.checkpoint, *chosen.checkpoint.alternatives)
    if len(candidates) == 1:
        return _conversion(chosen.entry, chosen.checkpoint, mel_spec)
    fitting: dict[str, Conversion] = {}
    configs: list[Mapping[str, Any]] = []
    errors: list[CheckpointError] = []
    for candidate in candidates:
        try:
            conversion = _conversion(chosen.entry, candidate, mel_spec)
        except CheckpointError as error:
            errors.append(error)
        else:
            fitting[Path(str(candidate.config_path)).name] = conversion
            configs.append(candidate.config or {})
    if not fitting:
        raise errors[0]
    if len(fitting) > 1:
        differing = contradiction(configs[0], configs[1])
        told = f", where {differing[0]} is {differing[1]} and {differing[2]}" if differing else ""
        raise CheckpointError(
            f"{len(fitting)} configs beside it fit its weights: {listed(fitting)}{told}; name one with --config",
            about=chosen.checkpoint.path,
        )
    (name, conversion), = fitting.items()
    return replace(conversion, remarks=(*conversion.remarks, f"{name} is the one config beside it that fits"))


def _conversion(entry: Entry[ModelSpec], checkpoint: Checkpoint, mel_spec: MelSpec | None) -> Conversion:
    conversion = called(entry, "converter", checkpoint, mel_spec)
    if not isinstance(conversion, Conversion):
        found = type(conversion).__name__
        raise PluginError(f"{entry.name} ({entry.dist}): its converter returned {found}, not a Conversion")
    return conversion


def _precision(content: Any) -> tuple[str, ...]:
    """What there is to say of weights that are not stored in float32."""
    values = content.values() if isinstance(content, Mapping) else ()
    tensors = [tensor for value in values for tensor in (value.values() if isinstance(value, Mapping) else (value,))]
    kinds = {str(tensor.dtype).removeprefix("torch.") for tensor in tensors if hasattr(tensor, "dtype")}
    halves = sorted(kinds & {"float16", "bfloat16", "float64"})
    return (f"weights stored as {' and '.join(halves)}: converted to float32",) if halves else ()
