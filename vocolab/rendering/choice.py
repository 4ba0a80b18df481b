"""Which voice renders a mel: the best one that takes its convention."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import as_file

from vocolab.catalog import Catalog
from vocolab.errors import CheckpointError, MelMismatch, NoVoice
from vocolab.mels.conventions import spelled
from vocolab.mels.convert import compare
from vocolab.mels.spec import MelSpec
from vocolab.plugins.host import Entry
from vocolab.plugins.specs import VoiceSource
from vocolab.voice import read_header


def best_voice(catalog: Catalog, vocoder: str | None = None, mel_spec: MelSpec | None = None) -> Entry[VoiceSource]:
    """The voice of the highest rank that mels of the convention `mel_spec` can be rendered with.

    Args:
        catalog: What is installed.
        vocoder: Only voices for this one. None: those of every vocoder.
        mel_spec: The convention of the mels to come. None: any.

    Raises:
        UnknownName: if there is no such vocoder.
        NoVoice: if no voice is installed for it.
        MelMismatch: if none of them takes such mels; it names the voices and vocoders that do.
    """
    return next(best_voices(catalog, vocoder, mel_spec))


def best_voices(
    catalog: Catalog, vocoder: str | None = None, mel_spec: MelSpec | None = None
) -> Iterator[Entry[VoiceSource]]:
    """All of them that do, the best first; raises as `best_voice` where there is none."""
    is_there, fits = False, False
    for voice in catalog.voices.from_best() if vocoder is None else catalog.voices.of(vocoder):
        is_there = True
        if mel_spec is None or _takes(voice, mel_spec):
            fits = True
            yield voice
    if not is_there:
        raise _no_voice(catalog, vocoder)
    if not fits:
        assert mel_spec is not None
        raise _none_fits(catalog, vocoder, mel_spec)


def _takes(voice: Entry[VoiceSource], mel_spec: MelSpec) -> bool:
    """Whether a mel can be brought to the voice's convention; so too if the file can't tell: loading it says why."""
    try:
        with as_file(voice.spec.file) as path:
            stated = read_header(path)["mel_spec"]
        return compare(mel_spec, MelSpec.from_dict(stated)).outcome != "incompatible"
    except (CheckpointError, KeyError, TypeError, OSError):
        return True


def _none_fits(catalog: Catalog, vocoder: str | None, mel_spec: MelSpec) -> MelMismatch:
    fitting = [f"--voice {voice.name}" for voice in catalog.voices.ranked() if _takes(voice, mel_spec)]
    fitting += [f"--vocoder {name}" for name in _without_voice(catalog)]
    named = f"the vocoder {vocoder}" if vocoder else "any vocoder"
    instead = f"what may take it: {', '.join(fitting)}" if fitting else "train one with 'vocolab train'"
    return MelMismatch(f"the mel's convention is {spelled(mel_spec)}, and no installed voice for {named} takes it; "
                       f"{instead}")


def _no_voice(catalog: Catalog, name: str | None) -> NoVoice:
    free = _without_voice(catalog)
    instead = f", or take a vocoder that needs none: {', '.join(free)}" if free else ""
    return NoVoice(
        f"no trained voice for {repr(name) if name else 'any vocoder'} is installed: convert a checkpoint with "
        f"'vocolab convert', train one with 'vocolab train'{instead}"
    )


def _without_voice(catalog: Catalog) -> list[str]:
    return [entry.name for entry in catalog.vocoders.entries() if entry.fact("needs_voice") is False]
