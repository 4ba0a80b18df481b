"""A text that a node of a cluster speaks: the same call there, with its files."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import click

from vocolab.cli.batch import run_batch
from vocolab.cli.elsewhere import crew_for, named_files
from vocolab.cli.finishing import FinishCall
from vocolab.cli.progress import Progress
from vocolab.cli.say import Asked
from vocolab.cli.session import Session
from vocolab.crews.errands import Files, Report, Work
from vocolab.errors import CallError


class Said(NamedTuple):
    """What a call has done there."""

    out: str
    """For standard output."""
    exit_code: int


@dataclass(frozen=True)
class Saying:
    """One call of `vocolab say`."""

    asked: Asked
    finish: FinishCall

    def __str__(self) -> str:
        return self.asked.source


@dataclass(frozen=True)
class SayErrand:
    """Speaking. An `Errand`."""

    no_plugins: bool
    reads: Sequence[Path] = ()

    def begin(self) -> Work[Saying, Said]:
        """Each text opens its own voice."""
        return self._said

    def files(self, job: Saying) -> Files:
        """All that the call reads and writes."""
        asked, finish = job.asked, job.finish
        reads = named_files(asked.file, asked.voice, asked.vocoder, asked.lexicon, asked.rules, *finish.preset_names,
                            finish.cover)
        return Files(reads, [path for path in (finish.output, asked.timestamps, finish.report) if path is not None])

    def _said(self, saying: Saying, report: Report) -> Said:
        from vocolab.cli.saying import run_say

        out, session = io.StringIO(), _Telling(quiet=True, no_plugins=self.no_plugins, report=report)
        with redirect_stdout(out), click.Context(click.Command("say"), obj=session):
            try:
                run_say(session, saying.asked, saying.finish)
            except click.exceptions.Exit as end:
                return Said(out.getvalue(), end.exit_code)
        return Said(out.getvalue(), 0)


@dataclass
class _Telling(Session):
    """A session whose lines and progress go to the caller."""

    report: Report = field(default_factory=Report)

    def say(self, text: str) -> None:
        """A line for people."""
        self.report.notes.append(text)

    def progress(self, total: int, part: tuple[float, float] = (0.0, 1.0)) -> Progress:
        """What tells the caller."""
        return _Reaching(total, self.report, part)


class _Reaching(Progress):
    def __init__(self, total: int, report: Report, part: tuple[float, float]) -> None:
        super().__init__(total, quiet=True, part=part)
        self._report = report

    def reach(self, item: int, fraction: float, label: str = "") -> None:
        super().reach(item, fraction, label)
        self._report.reach(self._share)

    def line(self, text: str) -> None:
        self._report.notes.append(text)


def say_on_cluster(session: Session, asked: Asked, finish: FinishCall) -> None:
    """Let a node speak.

    Raises:
        CallError: if that can't be done elsewhere, or there is nowhere for the audio to go.
        VocolabError: whatever goes wrong there.
    """
    finish = replace(finish, output=_output(session, asked, finish))
    engine = replace(asked.engine, threads=asked.engine.threads or 1)
    saying, errand = Saying(replace(asked, engine=engine), finish), SayErrand(session.no_plugins)
    crew = crew_for(session, 1, engine.threads, finish.cluster, finish.cluster_files)
    (outcome,) = run_batch(session, [saying], errand.begin(), describe=None, elsewhere=(crew, errand))
    assert outcome.result is not None  # a single job raises what goes wrong
    click.echo(outcome.result.out, nl=False)
    if outcome.result.exit_code:
        click.get_current_context().exit(outcome.result.exit_code)


def _output(session: Session, asked: Asked, finish: FinishCall) -> Path:
    """The file to make.

    Raises:
        CallError: if the call asks for what is done on this machine.
    """
    from vocolab.cli.mastering import chosen_preset
    from vocolab.cli.outputs import make_place

    here = {"--play": asked.play, "--resume": asked.resume, "-": asked.text == "-" or (asked.file == Path("-"))}
    if asked_here := [name for name, is_asked in here.items() if is_asked]:
        raise CallError(f"{asked_here[0]} is done on this machine: leave it out, or leave out --cluster")
    output = finish.output
    if output is None:
        if asked.file is None:
            raise CallError("say where the speech goes: -o FILE")
        output = asked.file.with_suffix(finish.suffix(chosen_preset(session, finish)))
    for path in filter(None, (output, asked.timestamps, finish.report)):
        make_place(path)
    return output
