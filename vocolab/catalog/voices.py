"""The voices that plugins ship, by name, by model, and the best of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from importlib.resources import as_file

from vocolab.catalog.models import ModelRegistry, kind_of
from vocolab.catalog.registry import Named
from vocolab.catalog.user_voices import USER, voices_folder, voices_in
from vocolab.errors import CallError, CheckpointError, NoVoice, UnknownName, VocolabError
from vocolab.plugins.host import HOME, Entry, PluginHost
from vocolab.plugins.specs import ModelSpec, VoiceSource
from vocolab.plugins.targets import load_target
from vocolab.voice import Voice

_HOOK = "vocolab_voices"
_SUFFIX = ".safetensors"


class VoiceRegistry(Named[VoiceSource]):
    """Trained voices. Nothing is opened before `load`."""

    def __init__(self, host: PluginHost, models: ModelRegistry) -> None:
        super().__init__(host, "voice", _HOOK)
        self._models = models

    def entries(self, dist: str = "") -> list[Entry[VoiceSource]]:
        """All of them: built-in ones, then those of packages, then the user's own; or those of one distribution."""
        found = [] if dist == USER else list(self._host.collect(_HOOK, VoiceSource, dist))
        own = voices_in(voices_folder()) if dist in ("", USER) else ()
        return [*found, *(Entry(source, USER) for source in own)]

    def of(self, model: str) -> list[Entry[VoiceSource]]:
        """The voices for a model, the best first.

        Raises:
            UnknownName: if there is no such model.
        """
        wanted = self._models.get(model)
        mine = (entry for entry in self.entries() if self._reader(entry) == wanted)
        return sorted(mine, key=self._best_first)

    def best(self, kind: str = "vocoder") -> Entry[VoiceSource] | None:
        """The first of which the model is installed and of that kind; None if there is none."""
        return next(self.from_best(kind), None)

    def ranked(self, *kinds: str) -> list[Entry[VoiceSource]]:
        """The voices of which the model is installed and of one of these kinds (none: vocoders), the best first.

        What is built in comes before what others have installed, whatever its rank, and the packages that the user's
        configuration puts first before that.
        """
        return list(self.from_best(*kinds))

    def from_best(self, *kinds: str) -> Iterator[Entry[VoiceSource]]:
        """The same one after the other: other packages are looked at once nothing before them has been taken."""
        wanted, given = kinds or ("vocoder",), set[str]()
        for dist in (*self._host.first, HOME, ""):
            entries = [entry for entry in self.entries(dist) if entry.qualified not in given]
            given |= {entry.qualified for entry in entries}
            yield from sorted((one for one in entries if self.kind_of(one) in wanted), key=self._best_first)

    def reader(self, voice: Entry[VoiceSource]) -> str:
        """The qualified name of the model that reads a voice; empty if none is installed."""
        found = self._reader(voice)
        return found.qualified if found else ""

    def kind_of(self, voice: Entry[VoiceSource]) -> str:
        """The kind of the model that reads a voice: "vocoder"; empty if none is installed."""
        found = self._reader(voice)
        return kind_of(found) if found else ""

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

    def load_first(
        self, entries: Iterable[Entry[VoiceSource]], on_note: Callable[[str], None]
    ) -> tuple[Entry[VoiceSource], Voice]:
        """The first that can be used, loaded; what is wrong with those before it is told in one line.

        Raises:
            VocolabError: that of the first one, if none can be used.
        """
        failed: list[tuple[str, VocolabError]] = []
        for entry in entries:
            try:
                reader = self._models.get(self.reader(entry))
                if not reader.builtin:  # what is built in loads, and may run on an engine without its own module
                    load_target(reader)
                voice = self.load(entry.qualified)
            except (VocolabError, OSError) as error:
                ours = error if isinstance(error, VocolabError) else _unreadable(entry, error)
                failed.append((entry.qualified, ours))
                continue
            if failed:
                what = "; ".join(f"the voice {name} can't be used: {error}" for name, error in failed)
                on_note(f"{what}; {entry.qualified} takes its place")
            return entry, voice
        raise failed[0][1] if failed else NoVoice("no voice is installed for that")

    def _reader(self, voice: Entry[VoiceSource]) -> Entry[ModelSpec] | None:
        """The model that reads this voice: of its own package if that has one; None if none is installed."""
        for name in (f"{voice.dist}/{voice.spec.model}", voice.spec.model):
            try:
                return self._models.get(name)
            except (UnknownName, CallError):
                continue
        return None

    def _best_first(self, entry: Entry[VoiceSource]) -> tuple[int, bool, int, str]:
        first = self._host.first
        place = first.index(entry.dist) if entry.dist in first else len(first)
        return place, not entry.builtin, -entry.spec.rank, entry.qualified


def _unreadable(entry: Entry[VoiceSource], error: OSError) -> CheckpointError:
    return CheckpointError(f"the file of the voice can't be read: {error.strerror or error}", about=entry.spec.file)
