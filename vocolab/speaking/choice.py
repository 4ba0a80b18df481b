"""Which voice speaks, and which vocoder renders what it gives."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import as_file
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from vocolab.catalog import Catalog
from vocolab.catalog.models import kind_of
from vocolab.errors import CheckpointError, MelMismatch, NoVoice, UnknownName
from vocolab.mels.conventions import spelled
from vocolab.mels.convert import compare
from vocolab.mels.spec import MelSpec
from vocolab.plugins.host import Entry
from vocolab.plugins.specs import AcousticModelSpec, ModelSpec, SynthesizerSpec, VoiceSource
from vocolab.voice import Voice, read_header

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

SPEAKING = (AcousticModelSpec.KIND, SynthesizerSpec.KIND)
"""The kinds of models whose voices speak."""

MADE_WITH = "vocoder"
"""What an acoustic model's voice recommends: the name of the vocoder's voice that it was made with."""

_SUFFIX = ".safetensors"
_log = logging.getLogger("vocolab")
VoiceLike: TypeAlias = str | os.PathLike[str] | Voice


@dataclass(frozen=True)
class ChosenVoice:
    """A model with its voice, by name."""

    model: str
    """Qualified."""
    kind: str
    voice: Voice | None
    """None for a model that needs none."""
    name: str
    """What people call it: the voice's name or file, else the model's."""


@dataclass(frozen=True)
class ChosenVocoder:
    """What `open_vocoder` is told."""

    name: str | None
    voice: str | os.PathLike[str] | None


def choose_voice(
    catalog: Catalog, wanted: VoiceLike | None = None, on_note: Callable[[str], None] = _log.warning
) -> ChosenVoice:
    """The voice of that name or file; the best one that speaks where none is named.

    `on_note` is told where a better one can't be used.

    A model's name stands for the best of its voices, or for itself where it needs none.

    Raises:
        UnknownName: if there is neither a voice nor a model of that name.
        NoVoice: if nothing that speaks is installed.
        CheckpointError: if the voice is damaged, or of a model that does not speak.
    """
    if wanted is None:
        return _best(catalog, on_note)
    if isinstance(wanted, Voice):
        return _of_voice(catalog, wanted, wanted.model)
    text = os.fspath(wanted)
    try:
        voice = catalog.voices.load(wanted)
    except UnknownName as error:
        entry = next((one for one in _models(catalog) if text in (one.name, one.qualified)), None)
        if entry is None:
            raise UnknownName("voice that speaks", text, speaking_names(catalog)) from error
        return _of_model(catalog, entry.qualified)
    known = _installed(catalog, wanted)
    return _of_voice(catalog, voice, text, catalog.voices.reader(known) if known else "")


def speaking_names(catalog: Catalog) -> list[str]:
    """The names of the installed voices that speak, the best first, and of the models that speak without one."""
    voices = [name for entry in catalog.voices.ranked(*SPEAKING) for name in (entry.name, entry.qualified)]
    free = [entry.name for entry in _models(catalog) if entry.fact("needs_voice") is False]
    return [*voices, *free]


def choose_vocoder(
    catalog: Catalog, spec: MelSpec, wanted: str | os.PathLike[str] | None, made_with: str,
    on_note: Callable[[str], None],
) -> ChosenVocoder:
    """What renders mels of `spec`: what is asked for, else what the voice was made with, else what fits best.

    Args:
        catalog: What is installed.
        spec: The convention of the voice's mels.
        wanted: A vocoder, a voice of one, or a voice file.
        made_with: The vocoder's voice that the voice names; empty if it names none.
        on_note: Told if that is not installed.

    Raises:
        UnknownName: if there is neither a vocoder nor a voice named `wanted`.
        MelMismatch: if no installed vocoder takes such mels.
    """
    if wanted is not None:
        return _asked_for(catalog, spec, wanted)
    if made_with and _installed(catalog, made_with):
        return ChosenVocoder(None, made_with)
    best = _best_fitting(catalog, spec)
    if made_with:
        on_note(f"the voice was made with the vocoder {made_with}, which is not installed: {best.voice} takes its "
                "place")
    return best


def _asked_for(catalog: Catalog, spec: MelSpec, wanted: str | os.PathLike[str]) -> ChosenVocoder:
    name = os.fspath(wanted)
    if any(name in (entry.name, entry.qualified) for entry in catalog.vocoders.entries()):
        if not catalog.vocoders.get(name).spec.needs_voice:
            return ChosenVocoder(name, None)
        return _best_fitting(catalog, spec, name)
    if _installed(catalog, wanted) or name.endswith(_SUFFIX) or os.path.isfile(name):
        return ChosenVocoder(None, wanted)
    voices = [entry.name for entry in catalog.voices.ranked()]
    raise UnknownName("vocoder", name, [*catalog.vocoders.names(), *voices])


def _best_fitting(catalog: Catalog, spec: MelSpec, vocoder: str | None = None) -> ChosenVocoder:
    """Of the voices that take such mels the first by rank: those that take them as they are before all others."""
    ranked = catalog.voices.ranked() if vocoder is None else catalog.voices.of(vocoder)
    outcomes = {entry.qualified: _outcome(entry.spec.file, spec) for entry in ranked}
    for wanted in ("same", "convertible"):
        for entry in ranked:
            if outcomes[entry.qualified] == wanted:
                return ChosenVocoder(vocoder, entry.qualified)
    known = f"the vocoder {vocoder}" if vocoder else f"the installed {', '.join(entry.name for entry in ranked)}"
    free = [entry.name for entry in catalog.vocoders.entries() if entry.fact("needs_voice") is False]
    raise MelMismatch(
        f"the voice gives mels of {spelled(spec)}, and {known if ranked else 'no installed vocoder'} "
        f"{'does' if vocoder else 'do'} not take them; what may take any: "
        f"{', '.join(f'--vocoder {name}' for name in free) or 'none'}"
    )


def _installed(catalog: Catalog, name: str | os.PathLike[str]) -> Entry[VoiceSource] | None:
    """The installed voice of that name; None for a file and for what is unknown."""
    if not isinstance(name, str) or name.endswith(_SUFFIX):
        return None
    try:
        return catalog.voices.get(name)
    except UnknownName:
        return None


def _outcome(file: Traversable, spec: MelSpec) -> str:
    try:
        with as_file(file) as path:
            return compare(spec, MelSpec.from_dict(read_header(path)["mel_spec"])).outcome
    except (CheckpointError, KeyError, TypeError, OSError):
        return "unknown"  # whoever loads it says why


def _models(catalog: Catalog) -> list[Entry[ModelSpec]]:
    return [entry for entry in catalog.models.entries() if kind_of(entry) in SPEAKING]


def _best(catalog: Catalog, on_note: Callable[[str], None]) -> ChosenVoice:
    voices = catalog.voices.from_best(*SPEAKING)
    first = next(voices, None)
    if first is not None:
        best, voice = catalog.voices.load_first(chain([first], voices), on_note)
        return _of_voice(catalog, voice, best.name, catalog.voices.reader(best))
    free = [entry for entry in _models(catalog) if entry.fact("needs_voice") is False]
    if free:
        return _of_model(catalog, free[0].qualified)
    raise NoVoice("no voice that speaks is installed: install a package with one, name a voice file, or train one with "
                  "'vocolab train'")


def _of_model(catalog: Catalog, model: str) -> ChosenVoice:
    entry = catalog.models.get(model)
    voices = catalog.voices.of(model)
    if voices:
        return _of_voice(catalog, catalog.voices.load(voices[0].qualified), voices[0].name, model)
    if entry.spec.needs_voice:
        raise NoVoice(f"{entry.name} needs trained weights, and no voice for it is installed: name a voice file, or "
                      "train one with 'vocolab train'")
    return ChosenVoice(model, entry.spec.kind, None, entry.name)


def _of_voice(catalog: Catalog, voice: Voice, name: str, reader: str = "") -> ChosenVoice:
    if voice.kind not in SPEAKING:
        raise CheckpointError(f"the voice {name} is for the {voice.kind} {voice.model!r}, which does not speak: name a "
                              "voice of an acoustic model or of a synthesizer (see 'vocolab voices')")
    return ChosenVoice(reader or catalog.models.reader_of(voice).qualified, voice.kind, voice, name)


def weights_of(catalog: Catalog, name: str) -> str:
    """The checksum of a voice's weights, by its name or file; empty for what has none."""
    if not name:
        return ""
    entry = _installed(catalog, name)
    try:
        if entry is None:
            return str(read_header(name)["checksum"])
        with as_file(entry.spec.file) as path:
            return str(read_header(path)["checksum"])
    except CheckpointError:  # a model without a voice
        return ""
