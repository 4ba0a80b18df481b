"""Voices that are loaded, each with its language; a request and its text may name any that is installed.

A worker that speaks does not stop for a voice that is loaded: a thread opens it, and who wants it asks again.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from importlib.metadata import version
from typing import NamedTuple

from vocolab.catalog import Catalog
from vocolab.engines.choice import EngineChoice, usual_engine
from vocolab.errors import CallError, UnknownName
from vocolab.speaking.choice import choose_voice, speaking_names, weights_of
from vocolab.speaking.narrator import Narrator
from vocolab.speaking.opening import open_voice
from vocolab.speaking.voices import SpeakingVoice, TwoStageVoice
from vocolab.texts.opening import open_speaker
from vocolab_server.worker.cache import SentenceCache
from vocolab_server.worker.kept import KeptVoice

_MOST_LOADED = 8


class Who(NamedTuple):
    """Which voice."""

    voice: str | None
    speaker: str | None
    vocoder: str | None


class NotLoaded(Exception):
    """A voice is being loaded.

    Args:
        who: Which.
    """

    def __init__(self, who: Who) -> None:
        super().__init__(who)
        self.who = who


class LoadedVoices:
    """Voices by who they are; what was used longest ago is forgotten when there are too many.

    Args:
        catalog: What is installed.
        device: Where networks run.
        block_frames: How many mel frames a vocoder renders at a time.
        cache: Of finished sentences; None: there is none.
        in_background: Whether a thread loads what `load` has not, while `NotLoaded` is raised; else it is waited for.
        on_loaded: Told how many seconds a voice took.
    """

    def __init__(
        self, catalog: Catalog, device: str, block_frames: int, cache: SentenceCache | None, *,
        in_background: bool = False, on_loaded: Callable[[float], None] = lambda seconds: None,
    ) -> None:
        self._catalog, self._device, self._block_frames, self._cache = catalog, device, block_frames, cache
        self._loaded: OrderedDict[Who, SpeakingVoice] = OrderedDict()
        self._loading: dict[Who, Future[SpeakingVoice]] = {}
        self._thread = ThreadPoolExecutor(1, "loading") if in_background else None
        self._on_loaded = on_loaded
        self._language = open_speaker(catalog)

    def load(self, who: Who) -> None:
        """Load a voice and wait until it is there.

        Raises:
            VocolabError: if there is no such voice, or it can't be loaded.
        """
        self._keep(who, self._opened(who))

    def begin(self, who: Who) -> None:
        """Let a voice be loaded while others speak."""
        if self._thread is not None and who not in self._loaded and who not in self._loading:
            self._loading[who] = self._thread.submit(self._opened, who)

    def is_loading(self, who: Who) -> bool:
        """Whether a thread is at it."""
        return who in self._loading and not self._loading[who].done()

    def narrator(self, who: Who, on_note: list[str]) -> Narrator:
        """Someone who speaks a text; what is decided on the way is added to `on_note`.

        Raises:
            VocolabError: if there is no such voice, or it can't be loaded.
            NotLoaded: if it is loaded meanwhile; so does the narrator where a text names another.
        """

        def open_other(name: str) -> SpeakingVoice:
            """Another voice that is installed, or a speaker of the same. A text opens no file."""
            if name in (known := speaking_names(self._catalog)):
                return self._voice(Who(name, None, None))
            try:
                return self._voice(Who(who.voice, name, who.vocoder))
            except CallError as error:
                raise UnknownName("voice", name, known) from error

        return Narrator(self._voice(who), self._language, open_other=open_other, on_note=on_note.append)

    def _voice(self, who: Who) -> SpeakingVoice:
        if who not in self._loaded:
            self._keep(who, self._opened(who) if self._thread is None else self._awaited(who))
        self._loaded.move_to_end(who)
        return self._loaded[who]

    def _awaited(self, who: Who) -> SpeakingVoice:
        """What the thread has loaded; what it has failed with is told once, and tried again for who comes later."""
        self.begin(who)
        if self.is_loading(who):
            raise NotLoaded(who)
        return self._loading.pop(who).result()

    def _keep(self, who: Who, voice: SpeakingVoice) -> None:
        self._loaded[who] = voice
        if len(self._loaded) > _MOST_LOADED:
            self._loaded.popitem(last=False)

    def _opened(self, who: Who) -> SpeakingVoice:
        started_s = time.monotonic()
        voice = self._open(who)
        self._on_loaded(time.monotonic() - started_s)
        return voice

    def _open(self, who: Who) -> SpeakingVoice:
        engine = replace(usual_engine(), threads=1)  # processes share the cores
        if who.speaker is not None and "+" in who.speaker:
            engine = EngineChoice("torch", threads=1)  # a blend is made when a voice is opened, which a graph is not
        voice = open_voice(
            self._catalog, who.voice, speaker=who.speaker, vocoder=who.vocoder, device=self._device, engine=engine
        )
        if isinstance(voice, TwoStageVoice):
            voice.stages.renderer.chunk_frames = self._block_frames
        if self._cache is None:
            return voice
        identity = {
            "vocolab": version("vocolab"), "voice": voice.name, "model": choose_voice(self._catalog, who.voice).model,
            "speaker": who.speaker, "vocoder": voice.vocoder_name, "device": self._device,
            "weights": [weights_of(self._catalog, name) for name in (voice.name, voice.vocoder_name)],
            "block_frames": self._block_frames, "engine": [engine.engine, engine.precision],
        }  # fmt: skip
        return KeptVoice(voice, identity, self._cache)
