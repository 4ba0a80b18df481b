"""From signals to files that keep what was promised, also after a lossy codec.

A lossy file is decoded and measured before it takes its place; where its true peak is over the ceiling, or its loudness
off, the process runs again with a lower ceiling or a higher aim.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from vocolab.deeds import deeds_of
from vocolab.delivery.correction import Correction
from vocolab.delivery.delivered import AlbumDelivery, Delivery
from vocolab.delivery.processing import Processing
from vocolab.delivery.target import LOUDNESS
from vocolab.files.atomic import whole_file
from vocolab.files.formats import Form, container_of, settled
from vocolab.files.reader import open_audio
from vocolab.files.writer import WriteReport, encode
from vocolab.layouts import layout_of
from vocolab.loudness import Loudness, LoudnessCurves, LoudnessMeter, measure
from vocolab.signals import Joined, Signal
from vocolab.tags import Tags

Watch = Callable[[Signal], Signal]
"""Lets somebody see how far a signal has been walked through."""


@dataclass(frozen=True)
class Dispatch:
    """How files are made and looked at."""

    process: Processing
    form: Form
    allow_miss: bool = False
    """Settle for the nearest loudness where the target is out of reach."""
    codec_check: bool = True
    """Measure a lossy file decoded, and correct the process until its promise holds; else measure what went in."""
    always_measured: bool = False
    """Measure also where nothing is promised."""
    with_curves: bool = False
    """Keep loudness over time."""
    tags: Mapping[Path, Tags] = field(default_factory=dict)
    """What single files state besides what all do, by their paths: the number of a track."""

    def deliver(self, signal: Signal, path: Path, watch: Watch = lambda signal: signal) -> Delivery:
        """Run the process, write the file, measure it.

        Raises:
            MissedTarget: if an effect can't reach what it was told to, perhaps because of the codec's headroom.
            VocolabError: whatever else process, writer or meter raise. Nothing is left behind then.
        """
        return self._made([path], lambda process: [process.run(signal)], watch)[0]

    def deliver_album(
        self, signals: Sequence[Signal], paths: Sequence[Path], watch: Watch = lambda signal: signal
    ) -> AlbumDelivery:
        """The same for signals that get one gain; all files appear, or none.

        The integrated loudness is that of the whole, and no file's on its own.
        """
        files = self._made(paths, lambda process: process.run_album(signals), watch, of_album=True)
        return self._album(files, paths)

    def existing(self, path: Path, of_album: bool = False) -> Delivery:
        """The delivery of a file that is there already: only measured.

        Raises:
            AudioError: if it can't be read.
        """
        file = open_audio(path)
        loudness, curves = read(file, self.with_curves, self.process.apart_s)
        peak = 0.0 if loudness.sample_peak_dbfs is None else 10 ** (loudness.sample_peak_dbfs / 20)
        bit_depth = settled(self.form, container_of(path)).bit_depth
        written = WriteReport(path, bit_depth, file.sample_rate, file.channels, file.n_samples, 0, peak)
        made = Delivery(written, self.process.target, loudness, curves)
        return self._judged(replace(made, is_decoded=made.is_lossy), of_album)

    def existing_album(self, paths: Sequence[Path]) -> AlbumDelivery:
        """The same for the files of an album."""
        return self._album([self.existing(path, of_album=True) for path in paths], paths)

    def _album(self, files: Sequence[Delivery], paths: Sequence[Path]) -> AlbumDelivery:
        if not self._measures:
            return AlbumDelivery(tuple(files))
        loudness = measure(Joined([open_audio(path) for path in paths]))
        requirements = tuple(line for line in self.process.check(loudness) if line.requirement == LOUDNESS)
        return AlbumDelivery(tuple(files), loudness, requirements)

    def _made(
        self,
        paths: Sequence[Path],
        work: Callable[[Processing], Sequence[Signal]],
        watch: Watch,
        of_album: bool = False,
    ) -> list[Delivery]:
        process = self.process.settling() if self.allow_miss else self.process
        with ExitStack() as files:
            places = [files.enter_context(whole_file(path)) for path in paths]
            correction, n_rounds = Correction(), 0
            while True:
                signals = correction.run(work, process)
                n_rounds += 1
                made = [self._one(*each, watch) for each in zip(signals, places, paths, strict=True)]
                better = correction.after(process, made, places, n_rounds)
                if better == correction:
                    break
                correction = better
            headroom_db, offset_lu = correction.headroom_db, correction.offset_lu
            return [
                replace(self._judged(one, of_album), headroom_db=headroom_db, offset_lu=offset_lu, rounds=n_rounds)
                for one in made
            ]

    @property
    def _measures(self) -> bool:
        return self.always_measured or not self.process.target.is_empty

    def _one(self, signal: Signal, place: Path, path: Path, watch: Watch) -> Delivery:
        """A file, encoded and measured, that is not yet at its place."""
        form = replace(self.form, tags=self.form.tags | self.tags.get(path, Tags()))
        written = encode(watch(signal), place, path, form)
        bare = Delivery(written, self.process.target, deeds=deeds_of(signal))
        if not self._measures:
            return bare
        of_the_signal = bare.is_lossy and not self.codec_check
        loudness, curves = read(watch(signal if of_the_signal else open_audio(place)), self.with_curves,
                                self.process.apart_s)
        return replace(bare, loudness=loudness, curves=curves, is_decoded=bare.is_lossy and not of_the_signal)

    def _judged(self, made: Delivery, of_album: bool) -> Delivery:
        lines = self.process.check(made.loudness) if made.loudness is not None else []
        requirements = tuple(line for line in lines if not (of_album and line.requirement == LOUDNESS))
        return replace(made, requirements=requirements, miss_allowed=self.allow_miss or self.process.settles)


def read(
    signal: Signal, with_curves: bool = False, apart_s: tuple[float, float] = (0.0, 0.0)
) -> tuple[Loudness, LoudnessCurves | None]:
    """What the meter reads in a signal, and over time, if that is wanted; `apart_s` as `LoudnessMeter` has it."""
    meter = LoudnessMeter(signal.sample_rate, signal.channels, layout_of(signal), apart_s)
    for block in signal.blocks():
        meter.add(block)
    return meter.result(), meter.curves() if with_curves else None
