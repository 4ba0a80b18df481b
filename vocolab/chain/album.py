"""Effects over several signals that belong together, such as the chapters of a book.

Every signal goes through every effect on its own: nothing of one is heard in the next. Only an effect that aims at
something (`vocolab.chain.running.Aiming`) is given all of them: one after the other, as a single signal, or side by
side where it asks for that (`AlbumAiming`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from vocolab.chain.running import (
    Aiming,
    AlbumAiming,
    after_deeds,
    run_aimed,
    run_aimed_album,
    run_effects,
    stored,
)
from vocolab.deeds import deeds_of
from vocolab.errors import PluginError
from vocolab.files.spool import Spool
from vocolab.interfaces import Effect
from vocolab.signals import Joined, Signal
from vocolab.tags import origin_of


def run_album(effects: Sequence[Effect], signals: Sequence[Signal]) -> list[Signal]:
    """The signals after all effects, each as it can be walked through again.

    Raises:
        AudioError: if an effect aims at all of them and they differ in rate or channels.
    """
    first = next((number for number, effect in enumerate(effects) if isinstance(effect, Aiming)), len(effects))
    parts: list[Signal] = [stored(run_effects(effects[:first], signal)) for signal in signals]
    if first == len(effects):
        return parts
    end = next((n for n in range(first + 1, len(effects)) if isinstance(effects[n], Aiming)), len(effects))
    rest = effects[first + 1 : end]

    def each_apart(candidates: Sequence[Signal]) -> Sequence[Signal]:
        return [stored(run_effects(rest, part)) for part in candidates]

    def each(candidate: Signal) -> Signal:
        return Joined(each_apart(list(_split(candidate, parts))))

    effect = effects[first]
    if isinstance(effect, AlbumAiming):
        return run_album(effects[end:], run_aimed_album(effect, each_apart, parts))
    aimed = run_aimed(effect, each, Joined(parts))
    made = [stored(after) for after in _split(aimed, parts)]
    told = [one if one is part else after_deeds(one, deeds_of(part)) for one, part in zip(made, parts, strict=True)]
    return run_album(effects[end:], told)


def _split(signal: Signal, like: Sequence[Signal]) -> Iterator[Signal]:
    """The parts of a joined signal; of another one, stretches as long as those it was made of, put aside."""
    if isinstance(signal, Joined):
        yield from signal.parts
        return
    if signal.n_samples != sum(part.n_samples for part in like):
        raise PluginError("an effect that aims changed the length of an album; only those around it may")
    blocks = signal.blocks()
    left = np.zeros((signal.channels, 0), np.float32)
    for part in like:
        stretch = Spool(part.sample_rate, signal.channels, getattr(signal, "layout", None), origin_of(part))
        while stretch.n_samples < part.n_samples:
            block = left if left.shape[1] else next(blocks)
            missing = part.n_samples - stretch.n_samples
            stretch.append(block[:, :missing])
            left = block[:, missing:]
        yield stretch
