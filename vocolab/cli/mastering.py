"""From signals to finished files: the end that `render` and `master` have in common."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from vocolab.cli.batch import Outcome, Report, end_batch, run_batch
from vocolab.cli.outputs import Job, source_name
from vocolab.cli.progress import Watched
from vocolab.cli.report import Finished, finished_text
from vocolab.cli.report_files import check_report_place, conclude
from vocolab.cli.session import Session
from vocolab.errors import CallError

if TYPE_CHECKING:
    from vocolab.chain.chain import Chain
    from vocolab.chain.delivery import AlbumDelivery, Dispatch
    from vocolab.chain.examined import Examined
    from vocolab.chain.presets import Preset
    from vocolab.cli.finishing import FinishCall
    from vocolab.cli.resume import DoneNotes
    from vocolab.signals import Signal

Open: TypeAlias = "Callable[[Path, Report], Signal]"
_PROCESSED = 0.7
_SHARE_OF_A_WALK = 0.1
"""Shares of the way: through the chain, and of each walk after it: into the file, and past the meter."""


@dataclass(frozen=True)
class Finish:
    """What every signal of a batch goes through before it is a file."""

    dispatch: Dispatch
    measured_before: bool
    """Whether the loudness of what comes in is wanted as well."""
    is_rendered: bool
    """Whether a vocoder makes what comes in."""
    notes: DoneNotes | None = None

    def __call__(self, open_signal: Open, job: Job, report: Report) -> Finished:
        """The job's file: made, or found done."""
        from vocolab.chain.examined import Examined
        from vocolab.files.atomic import check_place

        check_place(job.output)
        if self.notes is not None and self.notes.has([job.source], job.output):
            return self.found_done(job)
        started = time.monotonic()
        signal = _walkable(open_signal(job.source, report), job)
        source = Examined(signal, measured=self.measured_before, is_rendered=self.is_rendered)
        chain = self.fitting([source], [job], report)
        watch = _Watch(report)
        delivery = self.through(chain).deliver(watch.source(source), job.output, watch)
        report.notes.extend(f"{job.source}: {finding}" for finding in source.findings())
        if self.notes is not None:
            self.notes.add([job.source], job.output)
        return Finished(str(job.source), delivery, time.monotonic() - started, source.integrated_lufs)

    def through(self, chain: Chain) -> Dispatch:
        """The dispatch by another chain."""
        from dataclasses import replace

        return replace(self.dispatch, chain=chain)

    def found_done(self, job: Job) -> Finished:
        """A file of an earlier run, measured as it lies there."""
        return Finished(str(job.source), self.dispatch.existing(job.output), 0.0, is_old=True)

    def fitting(self, sources: Sequence[Signal], jobs: Sequence[Job], report: Report) -> Chain:
        """The chain, at a rate that the format takes; what can't be written is refused before the work is done.

        Raises:
            CallError: if the format does not take the channels, or the bitrate at this rate.
        """
        from vocolab.files.formats import check_output, container_of

        chain, form = self.dispatch.chain, self.dispatch.form
        for source, job in zip(sources, jobs, strict=True):
            wanted_hz = chain.output.sample_rate_hz or source.sample_rate
            container = container_of(job.output)
            rate_hz = container.nearest_rate_hz(wanted_hz)
            if rate_hz != wanted_hz:
                chain = chain.resampled_to(rate_hz)
                report.notes.append(_rate_note(job, container.title, wanted_hz, rate_hz))
            if chain.keeps_rate:
                check_output(job.output, form, channels=chain.output_channels(source.channels), sample_rate=rate_hz)
        return chain


def _walkable(signal: Signal, job: Job) -> Signal:
    """The signal, made once only where it may be walked through again: a codec's peaks can take several rounds."""
    from vocolab.files.formats import container_of
    from vocolab.files.reader import AudioFile
    from vocolab.files.spool import Kept

    return Kept(signal) if container_of(job.output).is_lossy and not isinstance(signal, AudioFile) else signal


def _rate_note(job: Job, title: str, wanted_hz: int, rate_hz: int) -> str:
    return f"{job.source}: {title} does not take {wanted_hz} Hz; written at {rate_hz} Hz"


class _Watch:
    """Tells a report how far a file has come: through the chain, then by each further walk."""

    def __init__(self, report: Report, first: float = 0.0, share: float = 1.0) -> None:
        self._report, self._first, self._share = report, first, share
        self._reached = 0.0

    def source(self, signal: Signal) -> Signal:
        """What goes into the chain."""
        return Watched(signal, lambda done: self._tell(done * _PROCESSED))

    def __call__(self, signal: Signal) -> Signal:
        start = max(self._reached, _PROCESSED)
        return Watched(signal, lambda done: self._tell(min(start + done * _SHARE_OF_A_WALK, 0.99)))

    def _tell(self, done: float) -> None:
        self._reached = max(self._reached, done)
        self._report.reach(self._first + self._share * self._reached)


def run_finishing(
    session: Session, call: FinishCall, preset: Preset, jobs: Sequence[Job], open_signal: Open, made_by: dict[str, Any]
) -> None:
    """Do all jobs as `call` says, and tell about them; `made_by` goes into every JSON entry.

    Ends the command with exit code 1 if a file failed, and raises MissedTarget if one misses its target.
    """
    check_report_place(call.report)
    finish = _finish(call, preset, jobs, made_by)
    if call.album:
        outcomes, album = _album(session, call, finish, jobs, open_signal)
    else:
        work = partial(finish, open_signal)
        outcomes = run_batch(session, jobs, work, n_jobs=call.n_jobs, describe=finished_text, label=source_name)
        album = None
    conclude(session, call, preset, outcomes, album, made_by)


def prepare(call: FinishCall, preset: Preset, jobs: Sequence[Job]) -> None:
    """Bring the options into the preset, and refuse outputs that can't be, before anything is loaded.

    Raises:
        CallError: if a format does not take what was asked for.
    """
    from vocolab.files.formats import check_output

    if call.allow_miss:
        preset.allow_misses()
    preset.output = preset.output | call.stated
    form = call.form(preset)
    for job in jobs:
        check_output(job.output, form, sample_rate=call.sample_rate)


def _finish(call: FinishCall, preset: Preset, jobs: Sequence[Job], made_by: dict[str, Any]) -> Finish:
    from vocolab.chain.delivery import Dispatch
    from vocolab.cli.resume import DoneNotes

    with_curves = call.report is not None and call.report.suffix.lower() == ".html"
    dispatch = Dispatch(preset, call.form(preset), call.codec_check, call.report is not None, with_curves)
    settings = {**preset.settings, "vocoder": dict(preset.vocoder), "call": call.deciding(), "made_by": made_by}
    measures = call.report is not None or (not preset.target.is_empty and (len(jobs) > 1 or call.album))
    return Finish(dispatch, measures, call.is_rendering, DoneNotes(settings) if call.resume else None)


def _album(
    session: Session, call: FinishCall, finish: Finish, jobs: Sequence[Job], open_signal: Open
) -> tuple[list[Outcome[Job, Finished]], AlbumDelivery | None]:
    """All jobs with one gain. What can't be read is left out of the album, and is a failure of the batch."""
    sources = [job.source for job in jobs]
    if finish.notes is not None and all(finish.notes.has(sources, job.output) for job in jobs):
        old = finish.dispatch.existing_album([job.output for job in jobs])
        done = [Finished(str(job.source), file, 0.0, is_old=True) for job, file in zip(jobs, old.files, strict=True)]
        for one in done:
            session.say(finished_text(one))
        return [Outcome(job, one) for job, one in zip(jobs, done, strict=True)], old
    taken = run_batch(
        session, jobs, partial(_take, finish, open_signal), n_jobs=call.n_jobs, describe=None, label=source_name
    )
    good = [(outcome.job, outcome.result) for outcome in taken if outcome.result is not None]
    if not good:
        end_batch(session, taken, source_name)
        raise CallError("an album of no files")
    work = partial(_deliver_album, finish)
    (whole,) = run_batch(session, [good], work, describe=None, label=lambda _: "album")
    assert whole.result is not None  # a single job raises what goes wrong
    finished, album = whole.result
    for one in finished:
        session.say(finished_text(one))
    if finish.notes is not None and len(good) == len(jobs):
        for job in jobs:
            finish.notes.add(sources, job.output)
    results = iter(finished)
    return [
        Outcome(outcome.job, next(results) if outcome.result is not None else None, outcome.error) for outcome in taken
    ], album


def _take(finish: Finish, open_signal: Open, job: Job, report: Report) -> Examined:
    """A signal that has been walked through once, so that it is known to be whole."""
    from vocolab.chain.examined import Examined
    from vocolab.files.atomic import check_place
    from vocolab.files.reader import AudioFile
    from vocolab.files.spool import Spool

    check_place(job.output)
    signal = open_signal(job.source, report)
    if not isinstance(signal, AudioFile):
        signal = Spool.of(signal)  # what is made while it is walked through would be made again
    examined = Examined(signal, measured=True, is_rendered=finish.is_rendered)
    for _ in Watched(examined, report.reach).blocks():
        pass
    report.notes.extend(f"{job.source}: {finding}" for finding in examined.findings())
    return examined


def _deliver_album(
    finish: Finish, good: Sequence[tuple[Job, Examined]], report: Report
) -> tuple[list[Finished], AlbumDelivery]:
    started = time.monotonic()
    jobs, takes = [job for job, _ in good], [take for _, take in good]
    chain = finish.fitting(takes, jobs, report)
    watches = [_Watch(report, number / len(takes), 1 / len(takes)) for number in range(len(takes))]
    signals = [watch.source(take) for watch, take in zip(watches, takes, strict=True)]
    album = finish.through(chain).deliver_album(signals, [job.output for job in jobs])
    elapsed_s = (time.monotonic() - started) / len(jobs)
    finished = [
        Finished(str(job.source), delivery, elapsed_s, take.integrated_lufs)
        for job, take, delivery in zip(jobs, takes, album.files, strict=True)
    ]
    return finished, album
