"""Batches of signals that become finished files: the end that `render` and `master` have in common."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeAlias

from vocolab.cli.batch import Outcome, Report, end_batch, run_batch
from vocolab.cli.outputs import make_folders, source_name
from vocolab.cli.pipes import STDOUT, send
from vocolab.cli.report import finished_text
from vocolab.cli.report_files import check_report_place, conclude
from vocolab.cli.session import Session
from vocolab.delivery.job import Job
from vocolab.errors import CallError

if TYPE_CHECKING:
    from vocolab.chain.presets import Preset
    from vocolab.cli.elsewhere import Opener
    from vocolab.cli.finishing import FinishCall
    from vocolab.delivery.delivered import AlbumDelivery
    from vocolab.delivery.dispatch import Dispatch
    from vocolab.delivery.examined import Examined
    from vocolab.delivery.finishing import Finish
    from vocolab.delivery.report import Finished
    from vocolab.signals import Signal

Open: TypeAlias = "Callable[[Path, Report], Signal]"


_TAKEN = 0.2
"""Share of the way of an album when all its files have been read once."""
_ALONE, _LINEAR = "loudness", "linear"
"""The presets that --lufs is short for."""


def preset_name(session: Session, options: Mapping[str, Any]) -> str | tuple[str, ...] | None:
    """The preset that options ask for, or the configuration; None where neither does. Several are joined.

    Raises:
        CallError: if the options contradict each other.
    """
    stated: tuple[str, ...] = options["preset"]
    if options["linear"] and (stated or options["lufs"] is None):
        raise CallError("--linear goes with --lufs, and is a preset of its own: leave out --preset")
    if stated:
        return stated[0] if len(stated) == 1 else stated
    if options["lufs"] is not None:
        return _LINEAR if options["linear"] else _ALONE
    return session.usual("preset")


def chosen_preset(session: Session, call: FinishCall) -> Preset:
    """The call's preset, with what its options change.

    Raises:
        CallError: if it is none, or can't be held to what the options demand.
    """
    from vocolab.chain.presets import check_preset, read_preset
    from vocolab.chain.promises import promised_settings

    settings = promised_settings(check_preset(call.preset, session.catalog), call.promised) if call.promised else []
    return read_preset(call.preset, session.catalog, [*settings, *call.settings])


def prepare(call: FinishCall, preset: Preset, jobs: Sequence[Job]) -> None:
    """Refuse outputs that can't be, before anything is loaded.

    Raises:
        CallError: if a format does not take what was asked for.
    """
    from vocolab.files.formats import check_output

    form = call.form(preset)
    for job in jobs:
        check_output(job.output, form, sample_rate=call.stated.sample_rate_hz)


def run_finishing(
    session: Session, call: FinishCall, preset: Preset, jobs: Sequence[Job], open_signal: Open,
    made_by: dict[str, Any], opener: Opener | None = None,
) -> None:
    """Do all jobs as `call` says, and tell about them; `made_by` goes into every JSON entry.

    Other processes may do the jobs where there is an `opener`, which does there what `open_signal` does here.

    Ends the command with exit code 1 if a file failed, and raises MissedTarget if one misses its target.
    """
    if call.dry_run:
        from vocolab.cli.planning import tell_plan

        tell_plan(session, call, preset, jobs, open_signal)
        return
    check_report_place(call.report)
    make_folders(jobs, call.out_dir)
    from vocolab.cli.elsewhere import hired

    finish = make_finish(session, call, preset, jobs, made_by)
    if call.album:
        outcomes, album = _album(session, call, finish, jobs, open_signal)
    else:
        work = partial(once, call, finish, open_signal)
        elsewhere = None if opener is None else hired(session, call, finish, opener, len(jobs))
        outcomes = run_batch(session, jobs, work, n_jobs=call.n_jobs, describe=finished_text, label=source_name,
                             raises=not call.as_json, elsewhere=elsewhere)
        album = None
    conclude(session, call, preset, outcomes, album, made_by)


def make_finish(
    session: Session, call: FinishCall, preset: Preset, jobs: Sequence[Job], made_by: dict[str, Any]
) -> Finish:
    """How the files of these jobs are made."""
    from vocolab.delivery.dispatch import Dispatch
    from vocolab.delivery.finishing import Finish
    from vocolab.delivery.resume import DoneNotes

    chain = preset.with_output(call.output_form)
    with_curves = call.report is not None and call.report.suffix.lower() == ".html"
    dispatch = Dispatch(
        chain, call.form(preset), call.allow_miss, call.codec_check, call.report is not None, with_curves,
        call.tracks([job.output for job in jobs]),
    )
    settings = {**chain.settings, "vocoder": dict(preset.vocoder), "call": call.deciding(), "made_by": made_by,
                "tags": _stated_tags(dispatch)}
    return Finish(
        dispatch,
        measured_before=call.report is not None or (not chain.target.is_empty and (len(jobs) > 1 or call.album)),
        is_rendered=call.is_rendering,
        quieter_with=session.catalog.effects.that_turn_down(),
        done=DoneNotes(settings) if call.resume else None,
    )


def _stated_tags(dispatch: Dispatch) -> dict[str, Any]:
    """What decides the tags of files, in types that JSON knows."""
    cover = dispatch.form.tags.cover
    digest = hashlib.sha256(cover.data).hexdigest() if cover else ""
    return {"cover": digest, **{str(path): tags.items() for path, tags in dispatch.tags.items()}}


def once(call: FinishCall, finish: Finish, open_signal: Open, job: Job, report: Report) -> Finished:
    """The file of a job, or what leaves through standard output."""

    def opened() -> Signal:
        return open_signal(job.source, report)

    if not call.to_stdout:
        return finish.once(job, opened, report)
    with TemporaryDirectory(prefix="vocolab-") as folder:  # made and checked whole, then sent
        place = Path(folder, job.output.name)
        made = finish.once(Job(job.source, place), opened, report)
        send(place, call.stdout_pcm)
    return replace(made, place=STDOUT)


def _album(
    session: Session, call: FinishCall, finish: Finish, jobs: Sequence[Job], open_signal: Open
) -> tuple[list[Outcome[Job, Finished]], AlbumDelivery | None]:
    """All jobs with one gain. What can't be read is left out of the album, and is a failure of the batch."""
    if (old := finish.album_done_before(jobs)) is not None:
        finished, album = old
        taken: list[Outcome[Job, Examined]] = []
    else:
        taken = run_batch(
            session, jobs, partial(_take, finish, open_signal), n_jobs=call.n_jobs, describe=None, label=source_name,
            part=(0.0, _TAKEN),
        )
        finished, album = _deliver_album(session, finish, taken)
        if len(finished) == len(jobs):
            finish.note_album(jobs)
    for one in finished:
        session.say(finished_text(one))
    results = iter(finished)
    errors = [outcome.error for outcome in taken] or [None] * len(jobs)
    return [
        Outcome(job, next(results) if error is None else None, error) for job, error in zip(jobs, errors, strict=True)
    ], album


def _take(finish: Finish, open_signal: Open, job: Job, report: Report) -> Examined:
    return finish.take(job, lambda: open_signal(job.source, report), report)


def _deliver_album(
    session: Session, finish: Finish, taken: Sequence[Outcome[Job, Examined]]
) -> tuple[list[Finished], AlbumDelivery]:
    good = [(outcome.job, outcome.result) for outcome in taken if outcome.result is not None]
    if not good:
        end_batch(session, taken, source_name)
        raise CallError("an album needs files")
    jobs, takes = [job for job, _ in good], [take for _, take in good]

    def work(_: str, report: Report) -> tuple[list[Finished], AlbumDelivery]:
        return finish.album(jobs, takes, report)

    (whole,) = run_batch(session, ["album"], work, describe=None, part=(_TAKEN, 1.0))
    assert whole.result is not None  # a single job raises what goes wrong
    return whole.result
