"""Requests that are being spoken, each where it stopped; a step goes on with one of them for one block.

Nothing of a request is only here: given how many sentences are done, with their tails, and how many samples of the next
have left, another process goes on with the same samples. So does this one, where a voice had to be loaded first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from vocolab.rendering.chunks import FIRST_FRAMES
from vocolab.speaking.narrator import Heard
from vocolab.speaking.voices import Samples, Take
from vocolab_server.refusals import refusal_of
from vocolab_server.wire import Message
from vocolab_server.worker.voices import LoadedVoices, NotLoaded, Who

_NOTHING = np.zeros(0, np.float32)


@dataclass
class Step:
    """What one step brings: a sentence that begins, a block of samples, or the end."""

    take: Take | None = None
    samples: Samples = field(default_factory=lambda: _NOTHING)
    sample_rate: int = 0
    notes: list[str] | None = None
    """At the end: what was assumed and decided."""


class Desk:
    """All requests of one process, by their numbers."""

    def __init__(self, voices: LoadedVoices) -> None:
        self._voices = voices
        self._open: dict[int, Iterator[Step]] = {}
        self._waiting: dict[int, Who] = {}
        """Requests whose voice is being loaded."""

    def step(self, message: Message) -> tuple[Message, bytes]:
        """Go on with a request, which the message describes the first time it comes here, and after a voice was loaded.

        Where its voice is being loaded the answer says so, and it is to be asked for again.
        """
        number = message["id"]
        if (who := self._waiting.get(number)) is not None and self._voices.is_loading(who):
            return {"loading": True}, b""
        try:
            if number not in self._open:
                self._open[number] = self._spoken(message["call"], message["done"], message["skip"])
            step = next(self._open[number])
        except NotLoaded as wanted:
            self.drop(number)
            self._waiting[number] = wanted.who
            return {"loading": True}, b""
        except Exception as error:
            self.drop(number)
            return {"error": refusal_of(error).facts, "trace": _trace(error)}, b""
        if step.notes is not None:
            self.drop(number)
        return _told(step), np.ascontiguousarray(step.samples, "<f4").tobytes()

    def drop(self, number: int) -> None:
        """Forget a request."""
        self._open.pop(number, None)
        self._waiting.pop(number, None)

    def _spoken(self, call: dict[str, Any], done: list[float], skip: int) -> Iterator[Step]:
        notes: list[str] = []
        narrator = self._voices.narrator(Who(call["voice"], call["speaker"], call["vocoder"]), notes)
        talker = narrator.talker(between=call["between"], seed=call["seed"], **call["controls"])
        sentences, reports = narrator.sentences(call["text"], call["form"], call["code"])
        heard = Heard(sentences)
        for take in talker.takes(heard, done=done):
            yield from _blocks(take, talker.sample_rate, skip)
            skip = 0
        heard.check(call["text"])
        yield Step(sample_rate=talker.sample_rate, notes=[*notes, *reports, *heard.assumed])


def _blocks(take: Take, sample_rate: int, skip: int) -> Iterator[Step]:
    """The blocks of a sentence, with the sentence itself beside the first of them; `skip` samples have left before."""
    told: Take | None = take
    for block in take.render(FIRST_FRAMES):
        cut = min(skip, block.size)
        skip -= cut
        if cut < block.size:
            yield Step(told, block[cut:], sample_rate)
            told = None
    if told is not None:
        yield Step(told, _NOTHING, sample_rate)


def _told(step: Step) -> Message:
    take = step.take
    return {
        "rate": step.sample_rate, "notes": step.notes,
        "take": None if take is None else {
            "n_samples": take.n_samples, "tail_s": take.tail_s, "words": [asdict(word) for word in take.words],
            "end": take.sentence.end,
        },
    }  # fmt: skip


def _trace(error: Exception) -> str:
    import traceback

    return "".join(traceback.format_exception(error))
