"""Whose checkpoint is this? Every model that has a recogniser is asked, and the one that knows it converts it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from os import PathLike
from typing import TYPE_CHECKING, Any, Literal

from vocolab.checkpoints.checkpoint import Checkpoint, open_checkpoint
from vocolab.errors import CallError, CheckpointError, OptionError, PluginError, VocolabError, listed, naming
from vocolab.plugins.targets import load_target
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


def convert_checkpoint(
    catalog: Catalog,
    path: str | PathLike[str],
    model: str | None = None,
    *,
    config: str | PathLike[str] | None = None,
    mel_spec: MelSpec | None = None,
) -> Conversion:
    """The voice in a published checkpoint; its provenance names the file, its sha256 and the layout.

    Args:
        catalog: What is installed.
        path: A file, or a folder with one file of weights.
        model: What the checkpoint is of. None: every model with a recogniser is asked.
        config: Its configuration. None: the one beside it.
        mel_spec: The convention of its mels. None: what the configuration says, or the family's.

    Raises:
        UnknownName, CallError: if there is no such model, or it reads no checkpoints.
        UnsafePickle: if the file asks for more than tensors and containers.
        CheckpointError: if nobody knows it, several do, or it does not fit its config.
        PluginError: if the plugin is broken.
    """
    named = catalog.models.get(model) if model is not None else None
    if named is not None and not named.spec.converter:
        raise CallError(f"{model} reads no published checkpoints: its plugin names no converter")
    checkpoint = open_checkpoint(path, config)
    entry = _recognised(catalog, checkpoint) if named is None else _confirmed(catalog, named, checkpoint)
    conversion = _called(entry, "converter", checkpoint, mel_spec)
    if not isinstance(conversion, Conversion):
        found = type(conversion).__name__
        raise PluginError(f"{entry.name} ({entry.dist}): its converter returned {found}, not a Conversion")
    source = {
        "source": checkpoint.path.name, "source_sha256": checkpoint.sha256, "source_layout": conversion.layout,
    }
    provenance = {**conversion.voice.provenance, **source}
    return replace(conversion, voice=replace(conversion.voice, provenance=provenance))


def _recognised(catalog: Catalog, checkpoint: Checkpoint) -> Entry[ModelSpec]:
    """The one model that knows the checkpoint."""
    known, remarks = _asked(catalog, checkpoint)
    if len(known) > 1:
        which = "; ".join(f"{entry.qualified}: {layout}" for entry, layout in known)
        raise CheckpointError(f"could be of several models ({which}); name one with --model", about=checkpoint.path)
    if known:
        return known[0][0]
    if remarks:
        raise remarks[0]
    asked = ", ".join(entry.name for entry in catalog.models.entries() if entry.spec.recogniser)
    raise CheckpointError(
        f"not a checkpoint that {asked or 'an installed model'} recognises; it holds "
        f"{_summary(checkpoint.content)}",
        about=checkpoint.path,
    )


def _confirmed(catalog: Catalog, named: Entry[ModelSpec], checkpoint: Checkpoint) -> Entry[ModelSpec]:
    """The model that was named, unless its recogniser does not know the checkpoint."""
    if not named.spec.recogniser or _called(named, "recogniser", checkpoint) is not None:
        return named
    known, _ = _asked(catalog, checkpoint)
    if known:
        entry, layout = known[0]
        raise CheckpointError(
            f"is a checkpoint of {entry.qualified} ({layout}), not of {named.name}; "
            f"give --model {entry.qualified}, or none",
            about=checkpoint.path,
        )
    holds = _summary(checkpoint.content)
    raise CheckpointError(f"not a checkpoint of {named.name}; it holds {holds}", about=checkpoint.path)


def _asked(
    catalog: Catalog, checkpoint: Checkpoint
) -> tuple[list[tuple[Entry[ModelSpec], str]], list[CheckpointError]]:
    """The models that know the checkpoint, with the layout's name; and what others say is wrong with it."""
    known, remarks = [], []
    for entry in catalog.models.entries():
        if not entry.spec.recogniser:
            continue
        try:
            layout = _called(entry, "recogniser", checkpoint)
        except CheckpointError as error:
            remarks.append(error)
        except PluginError:  # a broken plugin costs nobody else anything; 'vocolab plugins --check' shows it
            continue
        else:
            if layout is not None:
                known.append((entry, str(layout)))
    return known, remarks


def _called(
    entry: Entry[ModelSpec], which: Literal["recogniser", "converter"], checkpoint: Checkpoint, *others: object
) -> Any:
    """What a plugin gives; its errors name the file, and what its author did not foresee is a PluginError."""
    function = load_target(entry, which)
    try:
        with naming(checkpoint.path):  # unless it is about what lies beside the weights, and says so
            return function(checkpoint, *others)
    except OptionError as error:  # a config that no model can have
        raise CheckpointError(error.message, about=checkpoint.path) from error
    except VocolabError:
        raise
    except Exception as error:
        raise PluginError(
            f"{entry.name!r} ({entry.dist} {entry.version}): its {which} failed: {type(error).__name__}: {error}"
        ) from error


def _summary(content: Any) -> str:
    if not isinstance(content, Mapping):
        return f"one {type(content).__name__}"
    return listed((str(name)[:60] for name in content), 4) or "nothing"
