"""Who speaks: a row of the table each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from vocolab.audio import Audio
from vocolab.bench.speech.others import OTHERS
from vocolab.bench.speech.prompts import Prompt
from vocolab.errors import UnknownName

if TYPE_CHECKING:
    from vocolab.catalog import Catalog
    from vocolab.rendering import Renderer
    from vocolab.speaking.narrator import Narrator

Spoken: TypeAlias = "Callable[[Prompt], Iterator[Audio]]"

USUAL_HOP_S = 256 / 22_050


@dataclass(frozen=True, eq=False)
class Talker:
    """Says prompts."""

    label: str
    open: Callable[[], Spoken]
    """Loads it. What it gives says a prompt, in as many stretches of audio as it likes."""
    hop_s: float = USUAL_HOP_S
    """Of its mels, at which noise may repeat itself."""
    needs_recording: bool = False
    is_timed: bool = True
    """Whether it makes audio, whose speed can be measured."""
    streams: Spoken | None = None
    """Says a prompt so that its first sound comes as soon as it can; None where that is when all of it is there."""


def recordings() -> Talker:
    """The recordings themselves: the top of the scales."""
    return Talker("recordings", lambda: _recorded, needs_recording=True, is_timed=False)


def copies(renderer: Renderer, name: str) -> Talker:
    """Recordings through their mels and a vocoder: what a perfect acoustic model would get from it."""
    from vocolab.mels.extract import extract

    def copied(prompt: Prompt) -> Iterator[Audio]:
        for recording in _recorded(prompt):
            yield renderer(extract(recording.mono_at(renderer.sample_rate), renderer.mel_spec))

    spec = renderer.mel_spec
    return Talker(f"recordings through {name}", lambda: copied, spec.hop_samples / spec.sample_rate,
                  needs_recording=True)


def voice(narrator: Narrator, label: str, hop_s: float = USUAL_HOP_S) -> Talker:
    """A voice: all of it at once, and its first sound as it streams."""

    def said(prompt: Prompt) -> Iterator[Audio]:
        yield narrator.say(prompt.text).audio

    return Talker(label, lambda: said, hop_s, streams=lambda prompt: narrator.speak([prompt.text]))


def others(names: Sequence[str] | None, say: Callable[[str], None]) -> list[Talker]:
    """Other people's systems: those that are named, else those that are installed; the rest is told.

    Raises:
        UnknownName: if one is not known.
    """
    known = {other.name: other for other in OTHERS}
    for name in names or ():
        if name not in known:
            raise UnknownName("other system", name, known)
    chosen = [other for other in OTHERS if names is None or other.name in names]
    for other in chosen:
        if not other.is_installed:
            say(f"{other.name} is not installed: no row")

    def opened(other: object) -> Callable[[], Spoken]:
        def open_it() -> Spoken:
            spoken = other.open()  # type: ignore[attr-defined]
            return lambda prompt: spoken(prompt.text)

        return open_it

    return [Talker(other.name, opened(other)) for other in chosen if other.is_installed]


def voices(
    catalog: Catalog, names: Sequence[str], vocoder: str | None, say: Callable[[str], None]
) -> list[tuple[Talker, Talker | None]]:
    """Each voice, by name, with the copies that its vocoder makes of recordings; all installed ones if none is named.

    A name may have a speaker behind a colon. Raises as `vocolab.speaking.opening.open_voice`.
    """
    from vocolab.speaking.calls import open_narrator
    from vocolab.speaking.choice import SPEAKING
    from vocolab.speaking.voices import TwoStageVoice

    found: list[tuple[Talker, Talker | None]] = []
    for name in names or [entry.name for entry in catalog.voices.ranked(*SPEAKING)]:
        plain, _, speaker = name.partition(":")
        narrator = open_narrator(catalog, plain, speaker=speaker or None, vocoder=vocoder, on_note=say)
        own = narrator.voice
        if isinstance(own, TwoStageVoice):
            renderer = own.stages.renderer
            spec = renderer.mel_spec
            copy = copies(renderer, own.vocoder_name.rpartition("/")[2])
            found.append((voice(narrator, name, spec.hop_samples / spec.sample_rate), copy))
        else:
            found.append((voice(narrator, name), None))
    return found


def _recorded(prompt: Prompt) -> Iterator[Audio]:
    assert prompt.recording is not None
    yield Audio.load(prompt.recording)
