"""A process that measures one voice in every way beside its reference: a question on standard input, rows on stdout.

    echo '{"case": {...}, ...}' | python -m vocolab.bench.speed.worker
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocolab.bench.speed.cases import Case, Way, reference_of
from vocolab.bench.speed.clock import Clock, clock_for, now_s, ratio, timed_s, turn_about_s
from vocolab.catalog import Catalog
from vocolab.errors import VocolabError
from vocolab.mels.mel import Mel
from vocolab.mels.plausible import plausible_mel
from vocolab.rendering import Renderer, open_vocoder
from vocolab.rendering.chunks import FIRST_FRAMES

REFERENCE = "reference"
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
    opened: dict[str, tuple[Way, Renderer, float]] = {}
    for way in question.ways:
        try:
            started = now_s(clock)
            renderer = open_vocoder(catalog, question.case.vocoder, voice, refine=question.refine,
                                    engine=way.choice(question.threads))
            opened[f"{way.engine} {way.precision}"] = way, renderer, now_s(clock) - started
        except VocolabError as error:
            yield {"problem": f"{question.case.label} on {way.engine}, {way.precision}: {error}"}
    opened = _distinct(opened)
    if not opened:
        return
    reference = reference_of(catalog, question.case, voice)
    if reference is not None:
        import torch

        torch.set_num_threads(question.threads)
    for seconds in question.lengths_s:
        yield from ({"row": row} for row in _rows(question, opened, reference, seconds, clock))


def _distinct(opened: dict[str, tuple[Way, Renderer, float]]) -> dict[str, tuple[Way, Renderer, float]]:
    """Without those that became what another is: "fast" that runs in fp32, a vocoder that no engine runs."""
    kept: dict[Any, tuple[str, tuple[Way, Renderer, float]]] = {}
    for name, one in opened.items():
        running = one[1].running
        kept.setdefault((running.engine, running.precision), (name, one))
    return dict(kept.values())


def _rows(
    question: Question, opened: dict[str, tuple[Way, Renderer, float]], reference: Any, seconds: float, clock: Clock
) -> Iterator[dict[str, Any]]:
    spec = next(iter(opened.values()))[1].mel_spec
    frames = max(1, round(seconds * spec.frame_rate_hz))
    mel = Mel(plausible_mel(spec, frames, np.random.default_rng(0)), spec)
    calls: dict[str, Callable[[], Any]] = {
        name: partial(_walked, renderer, mel) for name, (_, renderer, _) in opened.items()
    }
    if reference is not None and seconds <= _LONGEST_REFERENCE_S:
        calls[REFERENCE] = partial(_passed, reference, mel.values)
    first = {name: timed_s(call, clock) for name, call in calls.items()}
    taken = turn_about_s(calls, question.runs, clock, question.at_most_s)
    audio_s = frames / spec.frame_rate_hz
    for name in calls:
        is_reference = name == REFERENCE
        running = None if is_reference else opened[name][1].running
        times = ratio(taken[REFERENCE], taken[name]) if REFERENCE in taken and not is_reference else None
        yield {
            "voice": question.case.label, "vocoder": question.case.vocoder, "trained": question.case.trained,
            "engine": running.engine or "-" if running else REFERENCE,
            "version": running.version.partition("-")[0] if running else "",
            "precision": running.precision if running else "fp32", "threads": question.threads, "clock": clock,
            "seconds": seconds, "rtf": median(taken[name]) / audio_s, "runs": len(taken[name]), "first_s": first[name],
            "times_reference": times.value if times else None,
            "quartiles": (times.low, times.high) if times else None,
            "open_s": None if is_reference else opened[name][2],
            "first_block_ms": None if is_reference else _first_block_ms(opened[name][1], mel, clock),
        }


def _walked(renderer: Renderer, mel: Mel) -> int:
    """The rendering, chunk by chunk, kept nowhere."""
    return sum(chunk.size for chunk in renderer.signal(mel).chunks())


def _passed(network: Any, mel: NDArray[np.float32]) -> NDArray[np.float32]:
    import torch

    with torch.inference_mode():
        audio: NDArray[np.float32] = network(torch.from_numpy(mel)[None]).numpy()
    return audio


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
