"""The voices that plugins ship, by name, by vocoder, and the best of them."""

from __future__ import annotations

import os
from importlib.resources import as_file
from pathlib import Path

from vocolab.catalog.registry import Named
from vocolab.errors import CallError, UnknownName
from vocolab.plugins.host import Entry, PluginHost, resolve
from vocolab.plugins.specs import AcousticModelSpec, ComponentSpec, VocoderSpec, VoiceSource
from vocolab.voice import Voice

_HOOK = "vocolab_voices"
_SUFFIX = ".safetensors"


class VoiceRegistry(Named[VoiceSource]):
    """Trained voices. Nothing is opened before `load`."""

    def __init__(self, host: PluginHost) -> None:
        super().__init__(host, "voice", _HOOK)

    def entries(self) -> list[Entry[VoiceSource]]:
        """All of them, built-in ones first."""
        return list(self._host.collect(_HOOK, VoiceSource))

    def of(self, component: str) -> list[Entry[VoiceSource]]:
        """The voices for a vocoder (or acoustic model), the best first.

        Raises:
            UnknownName: if there is no such vocoder.
        """
        models = self._models()
        wanted: Entry[ComponentSpec] = resolve(
            models, component, kind="vocoder", hook="vocolab_vocoders", records=self._host.records
        )
        mine = (entry for entry in self.entries() if _reader(entry, models) == wanted.qualified)
        return sorted(mine, key=_best_first)

    def best(self) -> Entry[VoiceSource] | None:
        """The voice of the highest rank of which the vocoder is installed; None if there is none."""
        vocoders: list[Entry[ComponentSpec]] = [*self._host.collect("vocolab_vocoders", VocoderSpec)]
        usable = [entry for entry in self.entries() if _reader(entry, vocoders)]
        return min(usable, key=_best_first, default=None)

    def reader(self, voice: Entry[VoiceSource]) -> str:
        """The qualified name of the vocoder (or acoustic model) that reads a voice; empty if none is installed."""
        return _reader(voice, self._models())

    def load(self, name_or_path: str | os.PathLike[str]) -> Voice:
        """The voice of that name, or the one in that file.

        Raises:
            UnknownName: if it is neither.
            CheckpointError: if the file is damaged or no voice.
        """
        text = os.fspath(name_or_path)
        if not isinstance(name_or_path, str) or text.endswith(_SUFFIX) or Path(text).is_file():
            return Voice.load(text)
        with as_file(self.get(text).spec.file) as path:
            return Voice.load(path)

    def _models(self) -> list[Entry[ComponentSpec]]:
        return [
            *self._host.collect("vocolab_vocoders", VocoderSpec),
            *self._host.collect("vocolab_acoustic_models", AcousticModelSpec),
        ]


def _reader(voice: Entry[VoiceSource], models: list[Entry[ComponentSpec]]) -> str:
    """The qualified name of what reads this voice: of its own package if that has one; empty if none is installed."""
    named = voice.spec.vocoder
    own = f"{voice.dist}/{named}"
    if any(entry.qualified == own for entry in models):
        return own
    try:
        return resolve(models, named, kind="vocoder").qualified
    except (UnknownName, CallError):
        return ""


def _best_first(entry: Entry[VoiceSource]) -> tuple[int, bool, str]:
    return -entry.spec.rank, not entry.builtin, entry.qualified
