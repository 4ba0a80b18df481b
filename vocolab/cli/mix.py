"""`vocolab mix`: the tracks of a conversation made into one finished file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vocolab.cli.finishing import FinishCall, coding_options
from vocolab.cli.output_options import form_options
from vocolab.cli.parameters import PATH, allow_miss_option, json_option, set_option
from vocolab.cli.session import Session, pass_session
from vocolab.cli.settings import SettingsCommand
from vocolab.cli.short_form import names_of
from vocolab.errors import CallError

if TYPE_CHECKING:
    from vocolab.mixing.mix import Mix, TrackFacts

_MADE_AS = ".mix"


@dataclass(frozen=True, kw_only=True)
class Call(FinishCall):
    """What was asked for."""

    speakers: tuple[Path, ...]
    music: tuple[Path, ...]
    starts: tuple[str, ...]
    gate_db: float
    duck_db: float

    @property
    def inputs(self) -> tuple[Path, ...]:
        """What was named to be worked on."""
        return (*self.speakers, *self.music)


@click.command(cls=SettingsCommand)
@click.argument("speakers", nargs=-1, required=True, type=PATH, metavar="TRACKS...")
@click.option("--music", type=PATH, multiple=True, metavar="FILE",
              help="A track of music, that goes down under speech. May be repeated.")
@click.option("--start", "starts", multiple=True, metavar="TRACK=SECONDS",
              help="When a track begins, by its file or name: guest.wav=2.5. Default: all at once.")
@click.option("--gate-db", type=click.FloatRange(0, 60), default=24.0, show_default=True,
              help="How far a microphone goes down while only others speak; 0 leaves it open.")
@click.option("--duck-db", type=click.FloatRange(0, 60), default=12.0, show_default=True,
              help="How far music goes down under speech.")
@click.option("--preset", metavar="NAME|FILE", multiple=True, shell_complete=names_of("presets"),
              help="What the mix is mastered by, see 'vocolab presets'. Default: the configuration's.")
@set_option
@click.option("-o", "--output", type=PATH, help="The file to write; its suffix is the format.")
@form_options
@coding_options
@allow_miss_option
@click.option("--report", type=PATH, metavar="FILE", help="Write a report: .json, or .html with loudness curves.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of the dither.")
@json_option
@pass_session
def mix(session: Session, /, **options: Any) -> None:
    """Mix TRACKS, one for each speaker, into one file, and master it by a preset.

    Each speaker is brought to one loudness by what he says himself, each microphone is turned down while only others
    speak, and music goes down under speech. Tracks may differ in length, rate and start. Writes NAME.mix.wav beside
    the first track, or what -o says.
    """
    from vocolab.cli.mastering import chosen_preset, prepare, preset_name, run_finishing
    from vocolab.cli.planning import plan_files
    from vocolab.files.finding import Found

    options |= {"lufs": None, "true_peak": None, "linear": False, "out_dir": None, "album": False, "resume": False,
                "n_jobs": 1}
    options["preset"] = preset_name(session, options)
    if options["preset"] is None:
        raise click.UsageError("Missing option '--preset'.")
    call = Call.of(options)
    _check_distinct(call)
    starts = _starts(call)
    preset = chosen_preset(session, call)
    suffix = call.suffix(preset)
    first = call.speakers[0]
    (job,) = plan_files(session, call, [Found.itself(first)], lambda source: f"{source.stem}{_MADE_AS}{suffix}")
    jobs = [replace(job, source=Path(" + ".join(map(str, call.inputs))))]
    prepare(call, preset, jobs)
    session.warn_of_broken_plugins()
    mixed = _mixed(session, call, starts, preset.output.sample_rate_hz if call.stated.sample_rate_hz is None
                   else call.stated.sample_rate_hz)
    facts = {"tracks": [vars(track) for track in mixed.tracks]}
    run_finishing(session, call, preset, jobs, lambda _path, _report: mixed, facts)


def _mixed(session: Session, call: Call, starts: dict[Path, float], sample_rate: int | None) -> Mix:
    from vocolab.files.reader import open_audio
    from vocolab.mixing.mix import Mix, Mixing
    from vocolab.mixing.tracks import Track

    files = [(path, open_audio(path)) for path in call.inputs]
    for _, file in files:
        for note in file.notes:
            session.say(note)
    tracks = [Track(str(path), file, starts.get(path, 0.0), path in call.music) for path, file in files]
    made = Mix(tracks, Mixing(call.gate_db, call.duck_db, sample_rate))
    for line in (*made.notes, *map(_told, made.tracks)):
        session.say(line)
    return made


def _told(track: TrackFacts) -> str:
    if track.lufs is None:
        return f"{track.name}: {track.seconds:.1f} s"
    what = "music" if track.is_music else "speaks"
    return f"{track.name}: {what} {track.active_s:.1f} s at {track.lufs:.1f} LUFS, {track.gain_db:+.1f} dB"


def _check_distinct(call: Call) -> None:
    """One microphone twice would be louder, and nobody means that; a mix over a track would lose it."""
    seen: dict[str, Path] = {}
    for path in call.inputs:
        place = os.path.realpath(path)
        if place in seen:
            raise CallError("is named twice; name each track once", about=path)
        seen[place] = path
    if call.output is not None and os.path.realpath(call.output) in seen:
        raise CallError("is a track; name another output with -o", about=call.output)


def _starts(call: Call) -> dict[Path, float]:
    """When each track begins, by its path.

    Raises:
        CallError: if a start is no number, or its track is none of the call's, or one of several of that name.
    """
    starts: dict[Path, float] = {}
    for text in call.starts:
        name, _, seconds = text.rpartition("=")
        path = _named(name, call.inputs, text)
        if path in starts:
            raise CallError(f"--start {text}: the start of {path} is given twice")
        try:
            starts[path] = float(seconds)
        except ValueError:
            raise CallError(f"--start {text}: {seconds!r} is no number of seconds; write {name}=2.5") from None
        if not 0 <= starts[path] < float("inf"):
            raise CallError(f"--start {text}: a track begins at 0 s or later; move the others instead")
    return starts


def _named(name: str, paths: Sequence[Path], text: str) -> Path:
    found = [path for path in paths if name in (str(path), path.name, path.stem)]
    if len(found) != 1:
        known = ", ".join(map(str, paths))
        problem = "is none of the tracks" if not found else "may be several of the tracks"
        raise CallError(f"--start {text}: {name!r} {problem}; name one of {known}")
    return found[0]
