"""A process that measures one voice in every way beside its reference: a question on standard input, rows on stdout.

    echo '{"case": {...}, ...}' | python -m vocolab.bench.speed.worker
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from vocolab.bench.speed.cases import Case, Way, has_reference, postfilters_for
from vocolab.bench.speed.clock import Clock, Timed, clock_for, now_s, ratio, timed_s, turn_about_s
from vocolab.bench.speed.reference import ReferenceProcess
from vocolab.bench.speed.yardstick import yardstick
from vocolab.bench.subjects import done_to
from vocolab.catalog import Catalog
from vocolab.configuration import CACHE_VARIABLE
from vocolab.errors import VocolabError
from vocolab.mels.conventions import spelled
from vocolab.mels.mel import Mel
from vocolab.mels.plausible import plausible_mel
from vocolab.rendering import Renderer, open_vocoder
from vocolab.rendering.chunks import FIRST_FRAMES
from vocolab.voice import Voice

REFERENCE, _YARDSTICK = "reference", "yardstick"
_STREAMS = 20
_LONGEST_REFERENCE_S = 120.0
"""Beyond it, one pass of the reference would take more memory than a machine may have."""


@dataclass(frozen=True)
class Question:
    """What is to be measured."""

    case: Case
    ways: tuple[Way, ...]
    lengths_s: tuple[float, ...]
    threads: int
    runs: int
    at_most_s: float
    refine: int | None
    """Rounds; None: what the voice recommends, whatever that is."""

    @classmethod
    def of(cls, told: dict[str, Any]) -> Question:
        """From what JSON holds."""
        ways = tuple(Way(**way) for way in told.pop("ways"))
        lengths = tuple(told.pop("lengths_s"))
        return cls(case=Case(**told.pop("case")), ways=ways, lengths_s=lengths, **told)


def main() -> None:
    """Answer one question: a JSON object a line, `{"row": ...}` or `{"problem": ...}`."""
    question = Question.of(json.loads(sys.stdin.read()))
    for answer in answers(question):
        print(json.dumps(answer), flush=True)


def answers(question: Question) -> Iterator[dict[str, Any]]:
    """The rows of a question, and what could not be measured."""
    catalog, clock = Catalog.installed(), clock_for(question.threads)
    voice = question.case.load(catalog)
    found: dict[str, Opened] = {}
    with _nothing_compiled():
        for way in question.ways:
            try:
                found[f"{way.engine} {way.precision}"] = _opened(catalog, question, way, voice, clock)
            except VocolabError as error:
                yield {"problem": f"{question.case.label} on {way.engine}, {way.precision}: {error}"}
    opened = _distinct(found)
    if not opened:
        return
    is_alone = not next(iter(opened.values())).done
    reference = None
    if is_alone and has_reference(catalog, question.case, voice):
        reference = ReferenceProcess(question.case, question.threads)
    try:
        for seconds in question.lengths_s:
            yield from ({"row": row} for row in _rows(question, opened, reference, seconds, clock))
    finally:
        if reference is not None:
            reference.close()


@dataclass(frozen=True)
class Opened:
    """A voice that is ready, and what it took to get there."""

    renderer: Renderer
    done: tuple[str, ...]
    """What is done to the network's output, in words; the reference is the network alone."""
    cold_s: float
    open_s: float


@contextmanager
def _nothing_compiled() -> Iterator[None]:
    """A cache of engines that is empty, and gone afterwards."""
    before = os.environ.get(CACHE_VARIABLE)
    with TemporaryDirectory(prefix="vocolab-") as folder:
        os.environ[CACHE_VARIABLE] = folder
        try:
            yield
        finally:
            os.environ.pop(CACHE_VARIABLE)
            if before is not None:
                os.environ[CACHE_VARIABLE] = before


def _opened(catalog: Catalog, question: Question, way: Way, voice: Voice | None, clock: Clock) -> Opened:
    """The voice, opened twice: cold, and as it is opened from then on."""
    took_s, renderer = [], None
    for _ in range(2):
        started = now_s(clock)
        renderer = open_vocoder(catalog, question.case.vocoder, voice, postfilters_for(question.refine),
                                engine=way.choice(question.threads), on_note=lambda line: None)
        took_s.append(now_s(clock) - started)
    assert renderer is not None
    return Opened(renderer, tuple(done_to(renderer.postfilters.model_dump())), *took_s)


def _distinct(opened: dict[str, Opened]) -> dict[str, Opened]:
    """Without those that became what another is: "fast" that runs in fp32, a vocoder that no engine runs."""
    kept: dict[Any, tuple[str, Opened]] = {}
    for name, one in opened.items():
        running = one.renderer.running
        kept.setdefault((running.engine, running.precision), (name, one))
    return dict(kept.values())


def _rows(
    question: Question, opened: dict[str, Opened], reference: ReferenceProcess | None, seconds: float, clock: Clock
) -> Iterator[dict[str, Any]]:
    spec = next(iter(opened.values())).renderer.mel_spec
    frames = max(1, round(seconds * spec.frame_rate_hz))
    mel = Mel(plausible_mel(spec, frames, np.random.default_rng(0)), spec)
    calls: dict[str, Timed] = {
        name: partial(_walked, one.renderer, mel) for name, one in opened.items()
    }
    if reference is not None and seconds <= _LONGEST_REFERENCE_S:
        calls[REFERENCE] = reference.passes_of(frames)
    first = {name: timed_s(call, clock) for name, call in calls.items()}
    calls[_YARDSTICK], first[_YARDSTICK] = (measure := yardstick()), timed_s(measure, clock)
    taken = turn_about_s(calls, question.runs, clock, question.at_most_s, first)
    audio_s = frames / spec.frame_rate_hz
    for name in (*opened, *([REFERENCE] if REFERENCE in taken else [])):
        yield {
            **_run_by(question, opened.get(name)), "clock": clock, "seconds": seconds, "first_s": first[name],
            **_compared(taken, name, audio_s),
            "first_block_ms": _first_block_ms(opened[name].renderer, mel, clock) if name in opened else None,
        }


def _run_by(question: Question, opened: Opened | None) -> dict[str, Any]:
    """What a row is of; without anything that was opened, of the reference."""
    case = question.case
    told = {"voice": case.label, "vocoder": case.vocoder, "trained": case.trained, "threads": question.threads}
    if opened is None:
        return {**told, "engine": REFERENCE, "version": "", "precision": "fp32", "cold_s": None, "open_s": None}
    renderer, running = opened.renderer, opened.renderer.running
    of_mels = [] if renderer.voice_name else [spelled(renderer.mel_spec)]  # as `bench quality` calls them
    return {
        **told, "voice": ", ".join([case.label, *of_mels, *opened.done]), "engine": running.engine or "-",
        "version": running.version.partition("-")[0], "precision": running.precision, "cold_s": opened.cold_s,
        "open_s": opened.open_s,
    }


def _compared(taken: dict[str, list[float]], name: str, audio_s: float) -> dict[str, Any]:
    """RTF, and how many times as fast as the reference and the yardstick."""
    times = ratio(taken[REFERENCE], taken[name]) if REFERENCE in taken and name != REFERENCE else None
    passes = ratio([one * audio_s for one in taken[_YARDSTICK]], taken[name])
    return {
        "rtf": median(taken[name]) / audio_s, "runs": len(taken[name]),
        "times_reference": times.value if times else None, "quartiles": (times.low, times.high) if times else None,
        "times_yardstick": passes.value, "yardstick_quartiles": (passes.low, passes.high),
    }


def _walked(renderer: Renderer, mel: Mel) -> int:
    """The rendering, chunk by chunk, kept nowhere."""
    return sum(chunk.size for chunk in renderer.signal(mel).chunks())


def _first_block_ms(renderer: Renderer, mel: Mel, clock: Clock) -> tuple[float, float]:
    """Frames pushed until there are samples: p50 and p95."""
    times = sorted(timed_s(lambda: _first_block(renderer, mel), clock) * 1e3 for _ in range(_STREAMS))
    return median(times), times[round(0.95 * (_STREAMS - 1))]


def _first_block(renderer: Renderer, mel: Mel) -> int:
    """The samples of the first block: frames come as fast as they are taken."""
    stream = renderer.open()
    for start in range(0, mel.frames, FIRST_FRAMES):
        samples = stream.push(Mel(mel.values[:, start : start + FIRST_FRAMES], mel.spec))
        if samples.size:
            return samples.size
    return stream.finish().size


if __name__ == "__main__":
    main()
