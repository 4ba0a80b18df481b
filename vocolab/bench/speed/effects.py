"""How many times faster than real time effects and presets are, on one thread, in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import Audio
from vocolab.bench.speed.clock import ratio, turn_about_s
from vocolab.bench.speed.results import EffectRow
from vocolab.bench.speed.yardstick import yardstick
from vocolab.catalog import Catalog
from vocolab.chain.chain import Chain
from vocolab.chain.presets import read_preset
from vocolab.errors import VocolabError
from vocolab.networks.products import hold_products
from vocolab.signals import Signal

RATE_HZ = 48_000
_SYLLABLE_HZ, _LEVEL_DBFS = 4.0, -23.0
_AT_MOST_S = 60.0
_YARDSTICK = "the yardstick"  # no effect has such a name


def sound(seconds: float, seed: int = 0) -> Audio:
    """Stereo like speech, for what depends on levels: noise that falls with frequency, in syllables and pauses."""
    random = np.random.default_rng(seed)
    n_samples = round(seconds * RATE_HZ)
    noise = random.standard_normal((2, n_samples), dtype=np.float32)
    spectrum = np.fft.rfft(noise)
    shaped = np.fft.irfft(spectrum / (1 + np.fft.rfftfreq(n_samples, 1 / RATE_HZ) / 500), n_samples)
    time_s = np.arange(n_samples) / RATE_HZ
    syllables = np.clip(np.sin(2 * np.pi * _SYLLABLE_HZ * time_s) + 0.5 * np.sin(2 * np.pi * 0.3 * time_s), 0, None)
    voiced: NDArray[np.float64] = shaped * syllables
    level = 10 ** (_LEVEL_DBFS / 20) / np.sqrt(np.mean(voiced**2))
    return Audio((voiced * level).astype(np.float32), RATE_HZ)


def measure_effects(
    catalog: Catalog, effects: Sequence[str], presets: Sequence[str], seconds: float, runs: int,
    say: Callable[[str], None] = lambda line: None,
) -> Iterator[EffectRow | str]:
    """A row for each effect, as its defaults have it, and for each preset; a line for one that can't be measured so.

    Args:
        catalog: What is installed.
        effects: Those that are named.
        presets: The same. Without either, all of both.
        seconds: Of audio.
        runs: Turns.
        say: Told what is measured next.

    Raises:
        UnknownName: if one that is named is not there.
    """
    for name in effects:
        catalog.effects.get(name)
    if not (effects or presets):
        effects, presets = catalog.effects.names(), catalog.presets.names()
    hold_products(1)  # else the waiting of NumPy's other threads counts as work
    audio = sound(seconds)
    for kind, names in (("effect", effects), ("preset", presets)):
        for name in names:
            say(name)
            try:
                yield _row(_chain(catalog, kind, name), name, kind, audio, runs)
            except VocolabError as error:
                yield f"{kind} {name}: {error}"


def _chain(catalog: Catalog, kind: str, name: str) -> Chain:
    return read_preset(name, catalog) if kind == "preset" else Chain([catalog.effects.create(name)])


def _row(chain: Chain, name: str, kind: str, audio: Audio, runs: int) -> EffectRow:
    calls = {name: lambda: _walked(chain.run(audio)), _YARDSTICK: yardstick()}
    taken, seconds = turn_about_s(calls, runs, "cpu", _AT_MOST_S), audio.n_samples / audio.sample_rate
    real = ratio([seconds] * len(taken[name]), taken[name])
    passes = ratio([one * seconds for one in taken[_YARDSTICK]], taken[name])
    return EffectRow(name, kind, real.value, (real.low, real.high), len(taken[name]), passes.value,
                     (passes.low, passes.high))


def _walked(signal: Signal) -> int:
    return sum(block.shape[1] for block in signal.blocks())
