"""Signals on their way into an effect and out of it: what goes in can't be written to, what comes out is examined.

Whose an error is is kept apart: one that the signal raises which an effect was given is not the effect's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import Audio
from vocolab.deeds import Deed, deeds_of, named
from vocolab.errors import AudioError
from vocolab.guarding import Origin, running
from vocolab.guarding.arrays import first_not_finite, narrowed, read_only
from vocolab.guarding.calls import broken
from vocolab.signals import BLOCK_SAMPLES, DerivedSignal, Signal

Block = NDArray[np.float32]

RULE = (
    "an effect has to keep the length, the rate and the channels, or to declare what it changes: keeps_length, "
    "keeps_rate, output_channels"
)


class GivenSignal(DerivedSignal):
    """What an effect is given: a signal that nobody writes to, and that remembers the error that it raised."""

    def __init__(self, signal: Signal) -> None:
        super().__init__(signal)
        self.error: BaseException | None = None
        self.last: Block = np.zeros((signal.channels, 0), np.float32)
        """The block that was given last."""

    @property
    def deeds(self) -> tuple[Deed, ...]:
        """None: what was done before is not the effect's to tell."""
        return ()

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[Block]:
        """The blocks of the signal, read-only."""
        try:
            for block in self.source.blocks(block_samples):
                self.last = read_only(block)
                yield self.last
        except Exception as error:
            self.error = error
            raise


class HeldSignal(DerivedSignal):
    """What leaves an effect, examined block by block while it is walked through."""

    def __init__(self, signal: Signal, origin: Origin, given: GivenSignal) -> None:
        super().__init__(signal)
        if self.origin is None and given.origin is not None:  # an effect that makes `Audio` need not know of it
            self.origin = given.origin if self._lasts_as_long_as(given) else given.origin.moved(None)
        self._by, self._given = origin, given

    @property
    def deeds(self) -> tuple[Deed, ...]:
        """What was done before, and what the effect tells that it did.

        Raises:
            PluginError: if that is no deeds, or asking for it fails.
        """
        return (*deeds_of(self._given.source), *told_by(self.source, self._by))

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[Block]:
        """The blocks.

        Raises:
            PluginError: for a block of other channels, of no floats or with NaN, and where the length is not what was
                stated.
        """
        walk, n_samples = iter(self.source.blocks(block_samples)), 0
        while True:
            with working(self._by, self._given):
                block = next(walk, None)
            if block is None:
                break
            block = self._examined(block, n_samples)
            n_samples += block.shape[1]
            yield block
        if n_samples != self.n_samples:
            raise broken(self._by, f"made {n_samples} samples of {self.n_samples}; an effect has to keep the "
                                       "length, or give the one that it has stated")

    def _examined(self, block: object, at: int) -> Block:
        if not isinstance(block, np.ndarray) or block.dtype.kind != "f":
            kind = f"samples of type {block.dtype}" if isinstance(block, np.ndarray) else type(block).__name__
            raise broken(self._by, f"gave {kind}, and has to give float32 with full scale at 1.0")
        if block.ndim != 2 or block.shape[0] != self.channels:
            raise broken(self._by, f"gave a block of {block.shape} for {self.channels} channels; an effect that "
                                       "changes them has to say so in output_channels")
        samples: Block = block if block.dtype == np.float32 else narrowed(block)
        check_finite(samples, at, self.sample_rate, self._by, self._given.last)
        return samples


def check_finite(samples: Block, at: int, sample_rate: int, origin: Origin, given: Block) -> None:
    """See that samples which stand `at` samples from the start are numbers.

    Raises:
        PluginError: if they are not, and what the effect was given is.
        AudioError: if that is not either.
    """
    index = first_not_finite(samples)
    if index is None:
        return
    if first_not_finite(given) is not None:
        raise AudioError("the audio holds NaN or infinity, and nothing is made of that: mend what made it")
    raise broken(origin, f"gave NaN or infinity at {(at + index) / sample_rate:.3f} s, and nothing is made of that")


def held(effect: object, signal: Signal, origin: Origin, given: GivenSignal, wanted_channels: int) -> Signal:
    """What an effect made of a signal, held to what it declares and examined as it is walked through.

    Raises:
        PluginError: if it is no signal, or of another length, rate or channels than the effect declares.
    """
    check_form(effect, given, signal, origin, wanted_channels)
    return HeldSignal(signal, origin, given)


def called(
    effect: object, call: Callable[[Audio], object], audio: Audio, origin: Origin, wanted_channels: int
) -> Audio:
    """What an effect that takes whole audio makes of it, examined.

    Raises:
        PluginError: if it raises what is no error of ours, or gives no audio, audio of another form, or no numbers.
    """
    given = Audio(read_only(audio.samples), audio.sample_rate, audio.layout, audio.origin)
    with running(origin):
        result = call(given)
    if not isinstance(result, Audio):
        raise broken(origin, f"gave {type(result).__name__}, and has to give Audio")
    check_form(effect, audio, result, origin, wanted_channels)
    check_finite(result.samples, 0, result.sample_rate, origin, audio.samples)
    if result is given:
        return audio
    keeps_layout = result.layout is None and result.channels == audio.channels
    recording = result.origin or audio.origin
    if recording is audio.origin and recording is not None and not getattr(effect, "keeps_length", True):
        recording = recording.moved(None)
    deeds = (*audio.deeds, *told_by(result, origin))
    return replace(result, layout=audio.layout if keeps_layout else result.layout, origin=recording, deeds=deeds)


def told_by(teller: object, origin: Origin) -> tuple[Deed, ...]:
    """What an effect did, as its processor or its signal tells in `deeds`; nothing where it has none.

    Raises:
        PluginError: if asking fails, or something else stands there.
    """
    with running(origin):
        deeds = deeds_of(teller)
    if wrong := [deed for deed in deeds if not isinstance(deed, Deed)]:
        raise broken(origin, f"tells {type(wrong[0]).__name__} in `deeds`, and has to tell Deed")
    return named(deeds, origin.name)


def check_form(effect: object, given: Signal, made: Signal, origin: Origin, wanted_channels: int) -> None:
    """Hold an effect to what it declares: a length, a rate and channels that stay are the rule.

    Raises:
        PluginError: if it made something else.
    """
    if not all(hasattr(made, name) for name in ("blocks", "n_samples", "sample_rate", "channels")):
        raise broken(origin, f"gave {type(made).__name__}, and has to give a signal; DerivedSignal makes one")
    keeps_rate = getattr(effect, "keeps_rate", True)
    keeps_length = keeps_rate and getattr(effect, "keeps_length", True)
    differs = [
        keeps_length and made.n_samples != given.n_samples,
        keeps_rate and made.sample_rate != given.sample_rate,
        made.channels != wanted_channels,
    ]
    if any(differs):
        raise broken(origin, f"made {_form(made)} of {_form(given)}; {RULE}")


@contextmanager
def working(origin: Origin, *given: GivenSignal) -> Iterator[None]:
    """An effect at work: what it raises is its own, but for what came out of a signal that it was given."""
    passed: BaseException | None = None
    with running(origin):
        try:
            yield
        except BaseException as error:
            if not any(error is one.error for one in given):
                raise
            passed = error
    if passed is not None:
        raise passed


def checked_signal(signal: object, who: str) -> Signal:
    """What somebody gave for a signal.

    Raises:
        AudioError: if it is none, as an array is, which has no sample rate.
    """
    if hasattr(signal, "blocks") and hasattr(signal, "sample_rate"):
        return signal  # type: ignore[return-value]
    raise AudioError(f"{who} takes Audio, not {type(signal).__name__}: give Audio(samples, sample_rate), with samples "
                     "of (channels, samples)")


def _form(signal: Signal) -> str:
    return f"{signal.n_samples} samples at {signal.sample_rate} Hz in {signal.channels} ch"
