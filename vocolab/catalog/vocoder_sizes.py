"""How large the installed vocoders are, from the headers of their voices; no tensor is read."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import as_file

from vocolab.catalog import Catalog
from vocolab.errors import CheckpointError, VocolabError
from vocolab.guarding import running
from vocolab.guarding.calls import broken
from vocolab.mels.spec import MelSpec
from vocolab.networks.sizes import Sizes
from vocolab.plugins.host import Entry
from vocolab.plugins.specs import VocoderSpec, VoiceSource
from vocolab.plugins.targets import load_target
from vocolab.voice import read_header


@dataclass(frozen=True)
class VocoderSizes:
    """The sizes of a vocoder with its default voice, or as published where it has none."""

    sizes: Sizes | None
    """None for a vocoder that does not state them, whose statement failed, or whose plugin is not imported."""
    voice: Entry[VoiceSource] | None
    """The default voice, and what the sizes are of; None: they are those of the published default."""


def vocoder_sizes(catalog: Catalog, entry: Entry[VocoderSpec]) -> VocoderSizes:
    """The sizes of `entry`. What a plugin does wrong is noted in its record, and a damaged voice in that of its own."""
    voice = catalog.default_voice(entry.qualified)
    if not entry.is_loaded or not entry.spec.sizes:
        return VocoderSizes(None, voice)
    try:
        return VocoderSizes(_computed(entry, voice), voice)
    except CheckpointError as error:
        assert voice is not None
        _record(catalog, voice, f"voice {voice.name}", error)
    except (VocolabError, OSError) as error:
        _record(catalog, entry, f"sizes of {entry.name}", error)
    return VocoderSizes(None, voice)


def _computed(entry: Entry[VocoderSpec], voice: Entry[VoiceSource] | None) -> Sizes:
    config, mel_spec = ({}, None) if voice is None else _described(voice)
    function = load_target(entry, "sizes")
    with running(entry.origin, "its sizes"):
        sizes = function(config, mel_spec)
    if not isinstance(sizes, Sizes):
        raise broken(entry.origin, f"its sizes gave {type(sizes).__name__}, not vocolab.networks.sizes.Sizes")
    return sizes


def _described(voice: Entry[VoiceSource]) -> tuple[dict[str, object], MelSpec]:
    with as_file(voice.spec.file) as path:
        header = read_header(path)
    try:
        return header["config"], MelSpec.from_dict(header["mel_spec"])
    except (KeyError, TypeError) as error:
        raise CheckpointError(f"the voice's description lacks {error}", about=voice.spec.file) from error


def _record(catalog: Catalog, entry: Entry[VocoderSpec] | Entry[VoiceSource], where: str, error: Exception) -> None:
    for record in catalog.host.records:
        if (record.dist, record.name) == (entry.dist, entry.plugin):
            record.fail(where, error)
