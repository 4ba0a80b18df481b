"""A request on its way through the scheduler: what is to be spoken, how far it is, and what waits to be fetched."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vocolab_server.refusals import Refused
from vocolab_server.wire import Message

if TYPE_CHECKING:
    from vocolab_server.pool import Worker

_numbers = itertools.count(1)
_MOST_AHEAD_S = 20.0
"""How much audio may wait for a client that takes it slowly, before its request waits as well."""


@dataclass(frozen=True, eq=False)
class Stretch:
    """A block of samples (n,), and the words of the sentence that begins with it, in seconds from the first sample."""

    samples: NDArray[np.float32]
    sample_rate: int
    words: list[dict[str, Any]] = field(default_factory=list)
    text_end: int = 0
    """How far in the text the sentence reaches."""


@dataclass(eq=False)
class Utterance:
    """What is spoken for one request.

    Args:
        call: What a worker is told: text, voice, controls.
        weight: Its share of the work beside others'.
        request_id: For logs.
        most_s: How much audio it may become.
    """

    call: dict[str, Any]
    weight: float = 1.0
    request_id: str = ""
    most_s: float = float("inf")
    number: int = field(default_factory=lambda: next(_numbers))
    begun_s: float = field(default_factory=time.monotonic)
    used_s: float = 0.0
    """Work that was done for it, divided by its weight, counted from what others had had when it came."""
    worker: Worker | None = None
    """Which process knows how far it is, or loads its voice."""
    loading_until_s: float = 0.0
    """When it is worth asking whether its voice is loaded; 0: it is."""
    tails_s: list[float] = field(default_factory=list)
    """Of the sentences that are done."""
    n_steps: int = 0
    notes: list[str] = field(default_factory=list)
    cancelled: bool = False
    ended: bool = False
    first_step_s: float | None = None
    n_samples: int = 0
    sample_rate: int = 0
    _sentence: dict[str, Any] | None = None
    _left: int = 0
    """Samples of the sentence that have left."""
    _waiting: asyncio.Queue[Stretch | Refused | None] = field(default_factory=asyncio.Queue)
    _ahead_s: float = 0.0
    on_taken: Any = None
    """Called when a client has taken something."""

    @property
    def is_ready(self) -> bool:
        """Whether it may go on: it is not over, and the client keeps up."""
        if self.ended or self.cancelled or self._ahead_s >= _MOST_AHEAD_S:
            return False
        return not self.loading_until_s or time.monotonic() >= self.loading_until_s

    def message(self, worker: Worker) -> Message:
        """What its next step is asked for by; all of it where the process does not know it."""
        if self.worker is worker and not self.loading_until_s:
            return {"do": "step", "id": self.number}
        self.worker = worker
        return {"do": "step", "id": self.number, "call": self.call, "done": self.tails_s, "skip": self._left}

    def took(self, reply: Message, payload: bytes) -> None:
        """What a step has brought."""
        self.n_steps += 1
        self.loading_until_s = 0.0
        if "error" in reply:
            self.fail(Refused.of_facts(reply["error"]))
            return
        self.sample_rate = reply["rate"] or self.sample_rate
        words: list[dict[str, Any]] = []
        if (take := reply["take"]) is not None and self._left == 0:
            at_s = self.n_samples / self.sample_rate
            words = [{**word, "start_s": word["start_s"] + at_s, "end_s": word["end_s"] + at_s}
                     for word in take["words"]]
        self._sentence = take or self._sentence
        samples = np.frombuffer(payload, "<f4")
        if samples.size or words:
            end = self._sentence["end"] if self._sentence else 0
            self._put(Stretch(samples, self.sample_rate, words, end))
        self._count(samples.size)
        if reply["notes"] is not None:
            self.notes, self.ended = reply["notes"], True
            self._waiting.put_nowait(None)
        elif self.n_samples > self.most_s * self.sample_rate:
            self.fail(Refused(413, f"the text is more than {self.most_s:g} s of speech, and no more are made of one",
                              "speech_too_long", param="input"))

    def fail(self, why: Refused) -> None:
        """End it as broken."""
        if not self.ended:
            self.ended = True
            self._waiting.put_nowait(why)

    async def stretches(self) -> AsyncIterator[Stretch]:
        """What is spoken, as it comes.

        Raises:
            Refused: if it breaks off.
        """
        while (stretch := await self._waiting.get()) is not None:
            if isinstance(stretch, Refused):
                raise stretch
            self._ahead_s -= stretch.samples.size / max(stretch.sample_rate, 1)
            if self.on_taken is not None:
                self.on_taken()
            yield stretch

    def _put(self, stretch: Stretch) -> None:
        self._ahead_s += stretch.samples.size / max(stretch.sample_rate, 1)
        self._waiting.put_nowait(stretch)

    def _count(self, n_samples: int) -> None:
        self.n_samples += n_samples
        self._left += n_samples
        if self._sentence is not None and self._left >= self._sentence["n_samples"]:
            self.tails_s.append(self._sentence["tail_s"])
            self._sentence, self._left = None, 0
