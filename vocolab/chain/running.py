"""How a chain's effects run over a signal: in blocks where they can, and with their name on what goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import BLOCK_SAMPLES, Audio
from vocolab.effects import BlockEffect, effect_name
from vocolab.errors import PluginError, VocolabError
from vocolab.files.spool import Spool, gather
from vocolab.interfaces import Effect, Signal


@runtime_checkable
class Aiming(Protocol):
    """An effect that corrects itself by what comes out at the end of the chain.

    Where several do, each looks as far as to the next one of them.
    """

    def aim(self, signal: Signal, rest: Callable[[Signal], Signal]) -> Signal:
        """What leaves the chain; `rest` runs the effects after this one."""
        ...


def run_effects(effects: Sequence[Effect], signal: Signal) -> Signal:
    """The signal after all effects. Block effects wait to be walked through; the others have run."""
    aiming = [index for index, effect in enumerate(effects) if isinstance(effect, Aiming)]
    for effect in effects[: aiming[0]] if aiming else effects:
        signal = _Piped(effect, signal) if isinstance(effect, BlockEffect) else _whole(effect, gather(signal))
    for index, end in pairwise([*aiming, len(effects)]):
        signal = _aimed(effects[index], effects[index + 1 : end], stored(signal))
    return signal


def stored(signal: Signal) -> Signal:
    """The same signal, such that walking through it again repeats no work."""
    return signal if isinstance(signal, Audio | Spool) else Spool.of(signal)


class _Piped:
    """A signal after one block effect, which runs while it is walked through."""

    def __init__(self, effect: BlockEffect[Any], signal: Signal) -> None:
        self._effect = effect
        self._signal = signal
        self.sample_rate = signal.sample_rate
        self.channels = signal.channels
        self.n_samples = signal.n_samples

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[NDArray[np.float32]]:
        name = effect_name(self._effect)
        given = 0
        with _blame(name):
            for block in self._effect.stream(_Blameless(self._signal), block_samples):
                given += block.shape[1]
                yield block
        if given != self.n_samples:
            raise PluginError(f"{name} made {given} samples of {self.n_samples}; an effect has to keep the length")


class _Blameless:
    """A signal whose errors are not the fault of the effect that walks through it."""

    def __init__(self, signal: Signal) -> None:
        self._signal = signal
        self.sample_rate = signal.sample_rate
        self.channels = signal.channels
        self.n_samples = signal.n_samples

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[NDArray[np.float32]]:
        try:
            yield from self._signal.blocks(block_samples)
        except Exception as error:
            _settle(error)
            raise


def _whole(effect: Effect, audio: Audio) -> Audio:
    name = effect_name(effect)
    with _blame(name):
        result = effect(audio)
    if (result.n_samples, result.sample_rate) != (audio.n_samples, audio.sample_rate):
        raise PluginError(f"{name} made {result!r} of {audio!r}; an effect has to keep the length and the rate")
    return result


def _aimed(effect: Effect, rest_of_chain: Sequence[Effect], signal: Signal) -> Signal:
    def rest(candidate: Signal) -> Signal:
        try:
            return stored(run_effects(rest_of_chain, candidate))
        except Exception as error:
            _settle(error)
            raise

    assert isinstance(effect, Aiming)
    with _blame(effect_name(effect)):
        return effect.aim(_Blameless(signal), rest)


@contextmanager
def _blame(name: str) -> Iterator[None]:
    """Put the effect's name on what it raises, once."""
    try:
        yield
    except VocolabError as error:
        if not getattr(error, "settled", False) and len(error.args) == 1 and name not in str(error):
            error.args = (f"{name}: {error}",)
        _settle(error)
        raise
    except MemoryError:
        raise
    except Exception as error:
        if getattr(error, "settled", False):
            raise
        broken = PluginError(f"effect {name} failed: {type(error).__name__}: {error}")
        _settle(broken)
        raise broken from error


def _settle(error: Exception) -> None:
    """Mark an error as somebody's, so that no effect further on takes the blame."""
    error.settled = True  # type: ignore[attr-defined]
