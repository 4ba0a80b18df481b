"""The end of a batch: summary, JSON on stdout, and the report as a file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vocolab.cli.batch import Outcome, end_batch, failure_facts
from vocolab.cli.outputs import source_name
from vocolab.cli.report import summary_text
from vocolab.cli.session import Session, print_json
from vocolab.cli.terminal import visible, visible_json
from vocolab.delivery.job import Job
from vocolab.errors import CallError

if TYPE_CHECKING:
    from vocolab.chain.presets import Preset
    from vocolab.cli.finishing import FinishCall
    from vocolab.delivery.delivered import AlbumDelivery
    from vocolab.delivery.report import Finished

SUFFIXES = (".json", ".html")


def check_report_place(path: Path | None) -> None:
    """Find out whether a report can be written, before long work begins.

    Raises:
        CallError: if the suffix is neither .json nor .html.
        OutputError: if the place can't be written to, or its folder can't be created.
    """
    from vocolab.cli.outputs import make_place

    if path is None:
        return
    if path.suffix.lower() not in SUFFIXES:
        raise CallError(f"--report {path}: a report is {' or '.join(SUFFIXES)}, by its suffix")
    make_place(path)


def conclude(
    session: Session,
    call: FinishCall,
    preset: Preset,
    outcomes: Sequence[Outcome[Job, Finished]],
    album: AlbumDelivery | None,
    made_by: dict[str, Any],
) -> None:
    """Tell about a batch in every form that was asked for.

    Ends the command with exit code 1 if a file failed.

    Raises:
        MissedTarget: if a file, or the album, is not what the preset promises.
    """
    from vocolab.delivery.report import check_finished, finished_facts

    finished = [outcome.result for outcome in outcomes if outcome.result is not None]
    if len(outcomes) > 1:
        session.say(summary_text(outcomes, album))
    if call.report is not None:
        write_report(call.report, preset, outcomes, album)
        session.say(f"report: {call.report}")
    if call.as_json:  # at last: whoever reads stdout may have gone
        done = [finished_facts(one) | made_by for one in finished]
        print_json([*done, *failure_facts(outcomes, source_name)])
    end_batch(session, outcomes, source_name)
    check_finished(finished, album)


def write_report(
    path: Path, preset: Preset, outcomes: Sequence[Outcome[Job, Finished]], album: AlbumDelivery | None
) -> None:
    """The report as JSON, or as a page that needs no other file; by the suffix.

    Raises:
        OutputError: if it can't be written.
    """
    from vocolab.files.atomic import whole_file

    if path.suffix.lower() == ".html":
        from vocolab.cli.report_page import page

        text = visible(page(preset, outcomes, album))
    else:
        facts = _facts(preset, outcomes, album)
        text = visible_json(json.dumps(facts, indent=2, ensure_ascii=False, allow_nan=False))
    with whole_file(path) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")


def _facts(
    preset: Preset, outcomes: Sequence[Outcome[Job, Finished]], album: AlbumDelivery | None
) -> dict[str, Any]:
    from importlib.metadata import version

    from vocolab.delivery.report import album_facts, finished_facts

    return {
        "vocolab": version("vocolab"),
        "preset": preset.name,
        "target": {name: value for name, value in vars(preset.target).items() if value is not None},
        "files": [finished_facts(outcome.result) for outcome in outcomes if outcome.result is not None],
        "failed": [
            {"file": str(outcome.job.source), "error": " ".join(str(outcome.error).split())}
            for outcome in outcomes
            if outcome.error is not None
        ],
        "album": album_facts(album) if album is not None else None,
    }
