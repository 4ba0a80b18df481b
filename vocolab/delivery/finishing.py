"""What every signal goes through before it is a file: `master`, `render` and `Chain.deliver` have this in common."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from vocolab.audio import Audio
from vocolab.delivery.delivered import AlbumDelivery, Delivery
from vocolab.delivery.dispatch import Dispatch
from vocolab.delivery.examined import Examined
from vocolab.delivery.job import Job
from vocolab.delivery.output import Output
from vocolab.delivery.processing import Processing
from vocolab.delivery.report import Finished, check_finished
from vocolab.delivery.resume import DoneNotes
from vocolab.delivery.watching import Notes, Onlooker, Watch, Watched
from vocolab.files.atomic import check_place
from vocolab.files.formats import check_output, container_of
from vocolab.files.reader import AudioFile
from vocolab.files.spool import Kept, Spool
from vocolab.layouts import mixing_note
from vocolab.signals import Signal

_log = logging.getLogger("vocolab")


@dataclass(frozen=True)
class Finish:
    """How files of a call are made."""

    dispatch: Dispatch
    measured_before: bool = False
    """Whether the loudness of what comes in is wanted as well."""
    is_rendered: bool = False
    """Whether a vocoder makes what comes in."""
    quieter_with: Sequence[str] = ()
    """Names of effects that turn a signal down, to be recommended where a vocoder is too loud."""
    done: DoneNotes | None = field(default=None, repr=False)
    """What earlier runs have noted; None: everything is made."""

    def once(self, job: Job, open_signal: Callable[[], Signal], onlooker: Onlooker) -> Finished:
        """The job's file: made, or found done by an earlier run."""
        check_place(job.output)
        if self.done is not None and self.done.has([job.source], job.output):
            return Finished(str(job.source), self.dispatch.existing(job.output), 0.0, is_old=True)
        finished = self.file(open_signal(), job.output, onlooker, str(job.source))
        if self.done is not None:
            self.done.add([job.source], job.output)
        return finished

    def file(self, signal: Signal, output: Path, onlooker: Onlooker, subject: str) -> Finished:
        """The file that a signal becomes; `subject` is what notes call the signal."""
        started = time.monotonic() - getattr(signal, "made_in_s", 0.0)  # speech has been said before
        _tell_oddities(signal, onlooker)
        source = self._examined(_walkable(signal, output), measured=self.measured_before)
        process = self._fitting([source], [Job(Path(subject), output)], onlooker)
        watch = Watch(onlooker)
        try:
            delivery = replace(self.dispatch, process=process).deliver(watch.source(source), output, watch)
        finally:  # what is wrong with the input may be why it failed
            onlooker.notes.extend(f"{subject}: {finding}" for finding in source.findings())
        _tell_not_kept(subject, delivery, onlooker)
        return Finished(subject, delivery, time.monotonic() - started, source.integrated_lufs)

    def take(self, job: Job, open_signal: Callable[[], Signal], onlooker: Onlooker) -> Examined:
        """A signal for an album, walked through once, so that it is known to be whole."""
        check_place(job.output)
        signal = open_signal()
        _tell_oddities(signal, onlooker)
        if not isinstance(signal, AudioFile):
            signal = Spool.of(signal)  # what is made while it is walked through would be made again
        examined = self._examined(signal, measured=True)
        for _ in Watched(examined, onlooker.reach).blocks():
            pass
        onlooker.notes.extend(f"{job.source}: {finding}" for finding in examined.findings())
        return examined

    def album(
        self, jobs: Sequence[Job], takes: Sequence[Examined], onlooker: Onlooker
    ) -> tuple[list[Finished], AlbumDelivery]:
        """The files of an album, which get one gain."""
        started = time.monotonic()
        process = self._fitting(takes, jobs, onlooker)
        watches = [Watch(onlooker, number / len(takes), 1 / len(takes)) for number in range(len(takes))]
        signals = [watch.source(take) for watch, take in zip(watches, takes, strict=True)]
        album = replace(self.dispatch, process=process).deliver_album(signals, [job.output for job in jobs])
        elapsed_s = (time.monotonic() - started) / len(jobs)
        for job, delivery in zip(jobs, album.files, strict=True):
            _tell_not_kept(str(job.source), delivery, onlooker)
        finished = [
            Finished(str(job.source), delivery, elapsed_s, take.integrated_lufs)
            for job, take, delivery in zip(jobs, takes, album.files, strict=True)
        ]
        return finished, album

    def album_done_before(self, jobs: Sequence[Job]) -> tuple[list[Finished], AlbumDelivery] | None:
        """The album, if an earlier run has made all of it."""
        sources = [job.source for job in jobs]
        if self.done is None or not all(self.done.has(sources, job.output) for job in jobs):
            return None
        album = self.dispatch.existing_album([job.output for job in jobs])
        files = zip(jobs, album.files, strict=True)
        return [Finished(str(job.source), file, 0.0, is_old=True) for job, file in files], album

    def note_album(self, jobs: Sequence[Job]) -> None:
        """Note that all of an album is done."""
        if self.done is not None:
            for job in jobs:
                self.done.add([each.source for each in jobs], job.output)

    def _examined(self, signal: Signal, *, measured: bool) -> Examined:
        is_summed = self.dispatch.process.output.channels == 1
        return Examined(signal, measured=measured, is_rendered=self.is_rendered, is_summed=is_summed,
                        quieter_with=self.quieter_with)

    def _fitting(self, sources: Sequence[Signal], jobs: Sequence[Job], onlooker: Onlooker) -> Processing:
        """The process, at a rate that the format takes; what can't be written is refused before the work is done.

        Raises:
            CallError: if the format does not take the channels, or the bitrate at this rate.
        """
        process, form = self.dispatch.process, self.dispatch.form
        for source, job in zip(sources, jobs, strict=True):
            wanted_hz = process.output.sample_rate_hz or source.sample_rate
            container = container_of(job.output)
            rate_hz = container.nearest_rate_hz(wanted_hz)
            if rate_hz != wanted_hz:
                process = process.with_output(Output(sample_rate_hz=rate_hz))
                onlooker.notes.append(
                    f"{job.source}: {container.title} does not take {wanted_hz} Hz; written at {rate_hz} Hz"
                )
            if process.output.channels and (mixed := mixing_note(source, process.output.channels)):
                onlooker.notes.append(f"{job.source}: {mixed}")
            if process.keeps_rate:
                channels = process.output_channels(source.channels)
                check_output(job.output, form, channels=channels, sample_rate=rate_hz)
        return process


def deliver(dispatch: Dispatch, signal: Signal, path: Path) -> Delivery:
    """The file that becomes of a signal; what had to be changed or is odd about it is logged.

    Raises:
        MissedTarget: if the file does not meet what was promised; it is there all the same.
        VocolabError: whatever else goes wrong. Nothing is left behind then.
    """
    check_place(path)
    notes = Notes()
    is_rendered = getattr(signal, "is_rendered", False)  # a rendering says so
    finished = Finish(dispatch, is_rendered=is_rendered).file(signal, path, notes, str(path))
    for note in notes.notes:
        _log.warning(note)
    check_finished([finished])
    return finished.delivery


def _tell_oddities(signal: Signal, onlooker: Onlooker) -> None:
    """What is odd about a file, such as an end that is missing."""
    if isinstance(signal, AudioFile):
        onlooker.notes.extend(signal.notes)


def _tell_not_kept(subject: str, delivery: Delivery, onlooker: Onlooker) -> None:
    """What a recording says of itself and the file that was made of it does not."""
    if what := delivery.written.not_kept:
        onlooker.notes.append(f"{subject}: not kept in {delivery.written.path}: {', '.join(what)}")


def _walkable(signal: Signal, output: Path) -> Signal:
    """The signal, made once only where it may be walked through again: a codec's peaks can take several rounds."""
    is_ready = isinstance(signal, Audio | AudioFile | Spool)
    return signal if is_ready or not container_of(output).is_lossy else Kept(signal)
