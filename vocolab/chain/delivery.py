"""From signals to finished files that keep what the chain promises, also after a lossy codec.

A codec changes the waveform, so its decoder's peaks are higher than what was encoded. Hence a lossy file is decoded and
measured before it takes its place; where its true peak is over the ceiling, the chain runs again with a lower one.
Likewise for the loudness, of which codecs at low bitrates take some.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from vocolab.chain.album import Joined
from vocolab.errors import MissedTarget
from vocolab.files.atomic import whole_file
from vocolab.files.formats import Form, container_of, settled
from vocolab.files.reader import open_audio
from vocolab.files.writer import WriteReport, encode
from vocolab.interfaces import Signal
from vocolab.loudness import Loudness, LoudnessCurves, LoudnessMeter, measure

if TYPE_CHECKING:
    from vocolab.chain.chain import Chain
    from vocolab.chain.target import Requirement, Target

MOST_ROUNDS = 4
_MARGINS_DB = (0.1, 0.3, 1.0)
"""Lowered by so much more than the excess, round by round: a codec's peaks are others each time."""
_OF_THE_WHOLE = "integrated_lufs"
"""The requirement that an album meets as a whole, and its files need not."""

Watch = Callable[[Signal], Signal]
"""Lets somebody see how far a signal has been walked through."""


@dataclass(frozen=True)
class Delivery:
    """A file that was written, and what the meter read in it."""

    written: WriteReport
    target: Target
    loudness: Loudness | None = None
    """None where nothing had to be measured."""
    curves: LoudnessCurves | None = None
    requirements: tuple[Requirement, ...] = ()
    miss_allowed: bool = False
    """Whether another loudness than the target's was allowed beforehand."""
    is_decoded: bool = False
    """Whether it is a lossy file and the readings are those of what a decoder makes of it."""
    headroom_db: float = 0.0
    """How much the ceiling was lowered for the codec."""
    offset_lu: float = 0.0
    """How much louder the chain aimed for the codec."""
    rounds: int = 1
    """How often the chain has run."""

    @property
    def is_lossy(self) -> bool:
        """Whether what is read back is not what was written."""
        return container_of(self.written.path).is_lossy

    @property
    def missed(self) -> bool:
        """Whether something that was promised does not hold and was not allowed to."""
        return missed(self.requirements, self.miss_allowed)


@dataclass(frozen=True)
class AlbumDelivery:
    """Files that were made with one gain, and what the meter read in all of them, one after the other."""

    files: tuple[Delivery, ...]
    loudness: Loudness | None = None
    requirements: tuple[Requirement, ...] = ()

    @property
    def missed(self) -> bool:
        """Whether the whole does not have its loudness, and was not allowed to miss it."""
        return missed(self.requirements, any(file.miss_allowed for file in self.files))


@dataclass(frozen=True)
class Dispatch:
    """How files are made and looked at."""

    chain: Chain
    form: Form
    codec_check: bool = True
    """Measure a lossy file decoded, and correct the chain until its promise holds; else measure what went in."""
    always_measured: bool = False
    """Measure also where the chain promises nothing."""
    with_curves: bool = False
    """Keep loudness over time."""

    def deliver(self, signal: Signal, path: Path, watch: Watch = lambda signal: signal) -> Delivery:
        """Run the chain, write the file, measure it.

        Raises:
            MissedTarget: if an effect can't reach what it was told to, perhaps because of the codec's headroom.
            VocolabError: whatever else chain, writer or meter raise. Nothing is left behind then.
        """
        return self._made([path], lambda chain: [chain.run(signal)], watch)[0]

    def deliver_album(
        self, signals: Sequence[Signal], paths: Sequence[Path], watch: Watch = lambda signal: signal
    ) -> AlbumDelivery:
        """The same for signals that get one gain; all files appear, or none.

        The integrated loudness is that of the whole, and no file's on its own.
        """
        files = self._made(paths, lambda chain: chain.run_album(signals), watch, of_album=True)
        return self._album(files, paths)

    def existing(self, path: Path, of_album: bool = False) -> Delivery:
        """The delivery of a file that is there already: only measured.

        Raises:
            AudioError: if it can't be read.
        """
        file = open_audio(path)
        loudness, curves = read(file, self.with_curves)
        peak = 0.0 if loudness.sample_peak_dbfs is None else 10 ** (loudness.sample_peak_dbfs / 20)
        bit_depth = settled(self.form, container_of(path)).bit_depth
        written = WriteReport(path, bit_depth, file.sample_rate, file.channels, file.n_samples, 0, peak)
        made = Delivery(written, self.chain.target, loudness, curves)
        return self._judged(replace(made, is_decoded=made.is_lossy), of_album)

    def existing_album(self, paths: Sequence[Path]) -> AlbumDelivery:
        """The same for the files of an album."""
        return self._album([self.existing(path, of_album=True) for path in paths], paths)

    def _album(self, files: Sequence[Delivery], paths: Sequence[Path]) -> AlbumDelivery:
        if not self._measures:
            return AlbumDelivery(tuple(files))
        loudness = measure(Joined([open_audio(path) for path in paths]))
        requirements = tuple(line for line in self.chain.check(loudness) if line.requirement == _OF_THE_WHOLE)
        return AlbumDelivery(tuple(files), loudness, requirements)

    def _made(
        self, paths: Sequence[Path], run: Callable[[Chain], Sequence[Signal]], watch: Watch, of_album: bool = False
    ) -> list[Delivery]:
        with ExitStack() as files:
            temporaries = [files.enter_context(whole_file(path)) for path in paths]
            correction = _Correction()
            for number in range(1, MOST_ROUNDS + 1):
                signals = _run(run, correction.of(self.chain), correction)
                made = [
                    self._one(signal, temporary, path, watch)
                    for signal, temporary, path in zip(signals, temporaries, paths, strict=True)
                ]
                if number == MOST_ROUNDS:
                    break
                better = correction.after(self.chain, made, temporaries, _MARGINS_DB[number - 1])
                if better == correction:
                    break
                correction = better
            done = [self._judged(one, of_album) for one in made]
            return [
                replace(one, headroom_db=correction.headroom_db, offset_lu=correction.offset_lu, rounds=number)
                for one in done
            ]

    @property
    def _measures(self) -> bool:
        return self.always_measured or not self.chain.target.is_empty

    def _one(self, signal: Signal, temporary: Path, path: Path, watch: Watch) -> Delivery:
        """A file, encoded and measured, that is not yet at its place."""
        bare = Delivery(encode(watch(signal), temporary, path, self.form), self.chain.target)
        if not self._measures:
            return bare
        of_the_signal = bare.is_lossy and not self.codec_check
        loudness, curves = read(watch(signal if of_the_signal else open_audio(temporary)), self.with_curves)
        return replace(bare, loudness=loudness, curves=curves, is_decoded=bare.is_lossy and not of_the_signal)

    def _judged(self, made: Delivery, of_album: bool) -> Delivery:
        lines = self.chain.check(made.loudness) if made.loudness is not None else []
        requirements = tuple(line for line in lines if not (of_album and line.requirement == _OF_THE_WHOLE))
        return replace(made, requirements=requirements, miss_allowed=self.chain.allows_misses)


def missed(requirements: Sequence[Requirement], miss_allowed: bool) -> bool:
    """Whether something does not hold that was not allowed to be missed."""
    return any(
        line.passed is False and not (miss_allowed and line.requirement == _OF_THE_WHOLE) for line in requirements
    )


def read(signal: Signal, with_curves: bool = False) -> tuple[Loudness, LoudnessCurves | None]:
    """What the meter reads in a signal, and over time, if that is wanted."""
    meter = LoudnessMeter(signal.sample_rate, signal.channels)
    for block in signal.blocks():
        meter.add(block)
    return meter.result(), meter.curves() if with_curves else None


@dataclass(frozen=True)
class _Correction:
    """By how much a chain has to aim lower or higher so that decoded files are what it promises."""

    headroom_db: float = 0.0
    offset_lu: float = 0.0

    def of(self, chain: Chain) -> Chain:
        """The chain, corrected as far as its effects let it be."""
        lower = chain.lowered(self.headroom_db) if self.headroom_db else None
        return (self.offset_lu and (lower or chain).louder(self.offset_lu)) or lower or chain

    def after(
        self, chain: Chain, made: Sequence[Delivery], temporaries: Sequence[Path], margin_db: float
    ) -> _Correction:
        """What to do next; the same, if all holds or nothing can be done."""
        excess_db, missing_lu = _excess_db(chain, made), _missing_lu(chain, made, temporaries)
        headroom_db, offset_lu = self.headroom_db, self.offset_lu
        if excess_db > 0 and chain.lowered(excess_db) is not None:
            headroom_db += excess_db + margin_db
        if abs(missing_lu) > chain.target.tolerance_lu / 2 and chain.louder(missing_lu) is not None:
            offset_lu += missing_lu
        return _Correction(headroom_db, offset_lu)


def _excess_db(chain: Chain, made: Sequence[Delivery]) -> float:
    """How far the true peak of the worst decoded file is over the ceiling."""
    ceiling = chain.target.true_peak_dbtp
    peaks = [one.loudness.true_peak_dbtp for one in made if one.is_decoded and one.loudness is not None]
    if ceiling is None:
        return 0.0
    return max((peak - ceiling for peak in peaks if peak is not None), default=0.0)


def _missing_lu(chain: Chain, made: Sequence[Delivery], temporaries: Sequence[Path]) -> float:
    """How much louder the decoded files, one after the other, would have to be."""
    if chain.allows_misses or not all(one.is_decoded for one in made):
        return 0.0
    wanted = chain.target.loudness_for(made[0].written.channels)
    got = made[0].loudness if len(made) == 1 else measure(Joined([open_audio(path) for path in temporaries]))
    if wanted is None or got is None or got.integrated_lufs is None:
        return 0.0
    return wanted - got.integrated_lufs


def _run(run: Callable[[Chain], Sequence[Signal]], chain: Chain, correction: _Correction) -> Sequence[Signal]:
    try:
        return run(chain)
    except MissedTarget as error:
        if correction == _Correction():
            raise
        made_up = f"{correction.headroom_db:.2f} dB of peak and {correction.offset_lu:+.2f} LU"
        raise error.extended(f" (what the codec changes had to be made up for: {made_up})") from error
