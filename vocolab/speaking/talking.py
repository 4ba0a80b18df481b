"""Sentences in, takes out: who says each, how, and after what silence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from vocolab.errors import CallError, UnknownName, naming
from vocolab.speaking.cutting import MOST_INSIDE_MS, cut_at_pauses
from vocolab.speaking.silences import Between
from vocolab.speaking.voices import SpeakingVoice, Take
from vocolab.speech.controls import Controls, asked_for
from vocolab.texts.document import PLAIN, Sentence, Word

_NAMES = {"rate": "speed", "pitch_semitones": "pitch", "pitch_range": "pitch range", "volume_db": "energy",
          "emphasis": "emphasis"}
"""What people call the fields of `Prosody`."""
_SHOWN = 40


class Talker:
    """A voice that speaks a text, and others where the text asks for them.

    Args:
        voice: Who speaks.
        controls: How all of it is said.
        between: What is between sentences.
        seed: Of what is random; each sentence has its own.
        open_other: Opens a voice or a speaker that the text names.
        on_note: Told what was decided, each line once.

    Raises:
        CallError: if the voice does not obey one of the controls that are set.
    """

    def __init__(
        self, voice: SpeakingVoice, controls: Controls = Controls(), *, between: Between = "room", seed: int = 0,  # noqa: B008
        open_other: Callable[[str], SpeakingVoice] | None = None, on_note: Callable[[str], None] = lambda line: None,
    ) -> None:
        refused = asked_for([Word("", "", 0, 0, prosody=controls.prosody.within(PLAIN))]) - voice.controls
        if refused:
            raise CallError(f"the voice {voice.name} can't change {_listed(refused)}"
                            + (f"; it can change {_listed(voice.controls)}" if voice.controls else ""))
        self.voice, self.controls = voice, controls
        self._between, self._seed, self._open_other, self._on_note = between, seed, open_other, on_note
        self._others: dict[str, SpeakingVoice] = {}
        self._noted: set[str] = set()

    @property
    def sample_rate(self) -> int:
        """Of all that is said, in Hz: that of the voice."""
        return self.voice.sample_rate

    def takes(self, sentences: Iterable[Sentence], *, done: Sequence[float] = ()) -> Iterator[Take]:
        """What is said of each sentence, in order; a sentence without a word adds to the silence.

        Args:
            sentences: What is said.
            done: The tails, in seconds, of takes that were made before: the first takes, which are left out.

        Raises:
            InputError: if the voice can't say a sentence; with its beginning.
            PluginError: if a plugin is broken.
        """
        silence_ms, tail_s, number = 0, 0.0, 0
        last: Sentence | None = None
        for whole in sentences:
            last = whole = self.controls.applied(whole)
            for sentence in cut_at_pauses(whole):
                silence_ms += sentence.pause_before_ms
                if any(word.phonemes for word in sentence.words):
                    if number < len(done):
                        tail_s = done[number]
                    else:
                        take = self.take(sentence, silence_ms / 1000, tail_s, number)
                        yield take
                        tail_s = take.tail_s
                    silence_ms, number = 0, number + 1
                silence_ms += sentence.words[-1].pause_ms if sentence.words else 0
        is_stated = last is not None and (not last.words or silence_ms > MOST_INSIDE_MS)  # by the text, at its end
        if last is not None and is_stated and number >= len(done) and silence_ms / 1000 > tail_s:
            yield self.voice.silence(last, silence_ms / 1000 - tail_s)

    def take(self, sentence: Sentence, silence_s: float, tail_s: float, number: int) -> Take:
        """One sentence, after so much silence, of which `tail_s` are there already."""
        voice = self._voice_of(sentence)
        for name in sorted(asked_for(sentence.words) - voice.controls):
            self._note(f"the voice {voice.name} can't change {_NAMES[name]}, which the text asks for: it stays")
        shown = sentence.text if len(sentence.text) <= _SHOWN else f"{sentence.text[:_SHOWN]}..."
        with naming(repr(shown), "sentence"):
            take = voice.take(
                sentence, silence_s=silence_s, tail_s=tail_s, seed=self._seed + number, between=self._between
            )
        return take if take.sample_rate == self.sample_rate else _resampled(take, self.sample_rate)

    def _voice_of(self, sentence: Sentence) -> SpeakingVoice:
        name = sentence.voice
        if not name or self._open_other is None:
            return self.voice
        if name not in self._others:
            try:
                self._others[name] = self._open_other(name)
            except UnknownName:
                self._note(f"the text asks for the voice {name!r}, which is not installed: {self.voice.name} says it")
                self._others[name] = self.voice
        return self._others[name]

    def _note(self, line: str) -> None:
        if line not in self._noted:
            self._noted.add(line)
            self._on_note(line)


def _listed(controls: Iterable[str]) -> str:
    return ", ".join(_NAMES[name] for name in _NAMES if name in set(controls))


def _resampled(take: Take, sample_rate: int) -> Take:
    """The same at another rate; its mel is of the old one and left out."""
    from vocolab.audio import Audio

    samples = Audio.mono(take.samples(), take.sample_rate).mono_at(sample_rate).samples[0]
    return replace(
        take, sample_rate=sample_rate, n_samples=samples.size, mel=None, render=lambda first: iter([samples])
    )
