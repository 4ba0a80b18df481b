"""The voices that plugins ship, by name, by model, and the best of them."""

from __future__ import annotations

import os
from importlib.resources import as_file

from vocolab.catalog.models import ModelRegistry
from vocolab.catalog.registry import Named
from vocolab.errors import CallError, UnknownName
from vocolab.plugins.host import Entry, PluginHost, resolve
from vocolab.plugins.specs import ModelSpec, VoiceSource
from vocolab.voice import Voice

_HOOK = "vocolab_voices"
_SUFFIX = ".safetensors"


class VoiceRegistry(Named[VoiceSource]):
    """Trained voices. Nothing is opened before `load`."""

    def __init__(self, host: PluginHost, models: ModelRegistry) -> None:
        super().__init__(host, "voice", _HOOK)
        self._models = models

    def entries(self) -> list[Entry[VoiceSource]]:
        """All of them, built-in ones first."""
        return list(self._host.collect(_HOOK, VoiceSource))

    def of(self, model: str) -> list[Entry[VoiceSource]]:
        """The voices for a model, the best first.

        Raises:
            UnknownName: if there is no such model.
        """
        wanted = self._models.get(model)
        mine = (entry for entry in self.entries() if self._reader(entry) == wanted)
        return sorted(mine, key=_best_first)

    def best(self, kind: str = "vocoder") -> Entry[VoiceSource] | None:
        """The voice of the highest rank of which the model is installed and of that kind; None if there is none."""
        return next(iter(self.ranked(kind)), None)

    def ranked(self, *kinds: str) -> list[Entry[VoiceSource]]:
        """The voices of which the model is installed and of one of these kinds (none: vocoders), the best first."""
        wanted = kinds or ("vocoder",)
        return sorted((entry for entry in self.entries() if self.kind_of(entry) in wanted), key=_best_first)

    def reader(self, voice: Entry[VoiceSource]) -> str:
        """The qualified name of the model that reads a voice; empty if none is installed."""
        found = self._reader(voice)
        return found.qualified if found else ""

    def kind_of(self, voice: Entry[VoiceSource]) -> str:
        """The kind of the model that reads a voice: "vocoder"; empty if none is installed."""
        found = self._reader(voice)
        return found.spec.kind if found else ""

    def load(self, name_or_path: str | os.PathLike[str]) -> Voice:
        """The voice of that name, or the one in that file. A text without `.safetensors` is a name first.

        Raises:
            UnknownName: if it is neither.
            CheckpointError: if the file is damaged or no voice.
        """
        text = os.fspath(name_or_path)
        if not isinstance(name_or_path, str) or text.endswith(_SUFFIX):
            return Voice.load(text)
        try:
            source = self.get(text).spec
        except UnknownName:
            if not os.path.isfile(text):
                raise
            return Voice.load(text)
        with as_file(source.file) as path:
            return Voice.load(path)

    def _reader(self, voice: Entry[VoiceSource]) -> Entry[ModelSpec] | None:
        """The model that reads this voice: of its own package if that has one; None if none is installed."""
        named, models = voice.spec.model, self._models.entries()
        own = next((entry for entry in models if entry.qualified == f"{voice.dist}/{named}"), None)
        if own is not None:
            return own
        try:
            return resolve(models, named, kind="model")
        except (UnknownName, CallError):
            return None


def _best_first(entry: Entry[VoiceSource]) -> tuple[int, bool, str]:
    return -entry.spec.rank, not entry.builtin, entry.qualified
