"""Which mels share the passes of a network, and how many at a time: where several together are faster than each alone.

A pass has costs of its own, for each operation of the network, that do not depend on how much goes through it. With
half a second of a mel they are a good part of the whole, with some seconds they are nothing, and what a batch of those
needs no longer stays in a processor's cache. `python benchmarks/batches.py` measures it, docs/engines.md has figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy

from vocolab.audio import Audio
from vocolab.errors import VocolabError
from vocolab.rendering.lockstep import run_in_lockstep, sharing
from vocolab.rendering.rendered import RenderedSignal

MOST_FRAMES = 96
"""Of mels that are rendered together: from about a second on it gains nothing, or loses."""
MOST_MELS = 8
"""At a time: more gain little, and memory stays that of a few seconds."""


def rendered_together(signals: Sequence[RenderedSignal]) -> list[Audio | VocolabError]:
    """Audio for each, by the renderer of each, or what went wrong with it; the others are made nevertheless."""
    made: dict[int, Audio | VocolabError] = {}
    for indices in _groups(signals):
        group = [signals[index] for index in indices]
        made.update(zip(indices, _together(group) if len(group) > 1 else map(_alone, group), strict=True))
    return [made[index] for index in range(len(signals))]


def _groups(signals: Sequence[RenderedSignal]) -> Iterator[list[int]]:
    """Indices of those that are rendered together, in the order of the first of each."""
    by_length: dict[object, list[int]] = {}
    for index, signal in enumerate(signals):
        is_short = signal.frames <= MOST_FRAMES
        by_length.setdefault((id(signal.renderer), signal.frames) if is_short else index, []).append(index)
    for indices in by_length.values():
        for start in range(0, len(indices), MOST_MELS):
            yield indices[start : start + MOST_MELS]


def _together(signals: Sequence[RenderedSignal]) -> list[Audio | VocolabError]:
    renderer = copy(signals[0].renderer)
    shared = sharing(renderer.vocoder)
    if shared is None:
        return [_alone(signal) for signal in signals]
    renderer.vocoder, execution = shared
    made: list[Audio | VocolabError] = []
    for one in run_in_lockstep([signal.by(renderer).rendered for signal in signals], execution):
        if isinstance(one, Exception) and not isinstance(one, VocolabError):
            raise one
        made.append(one)
    return made


def _alone(signal: RenderedSignal) -> Audio | VocolabError:
    try:
        return signal.rendered()
    except VocolabError as error:
        return error
