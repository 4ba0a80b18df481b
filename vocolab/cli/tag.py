"""`vocolab tag`: tags of files that are there, and gains for players, without a change to the audio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vocolab.cli.batch import Outcome, Report
from vocolab.cli.inputs import INPUT, STANDARD, audio_inputs
from vocolab.cli.parameters import PATH, jobs_option, json_option, output_options
from vocolab.cli.session import Session, pass_session, print_json
from vocolab.delivery.job import Job
from vocolab.errors import CallError

if TYPE_CHECKING:
    from vocolab.delivery.replay_gain import Level
    from vocolab.files.finding import Found
    from vocolab.loudness import Loudness
    from vocolab.tags import Tags

_LONGEST_TOLD = 60
_MEASURED = 0.8
"""Share of the way when all files have been walked through."""


@dataclass(frozen=True)
class Call:
    """What was asked for."""

    tags: Tags
    removed: frozenset[str]
    number_tracks: bool
    replay_gain: bool
    album: bool
    dry_run: bool


@dataclass(frozen=True)
class _Read:
    """A file, and what was measured in it."""

    job: Job
    sample_rate: int
    is_opus: bool
    loudness: Loudness | None


@dataclass(frozen=True)
class Tagged:
    """A file whose tags are written, or would be."""

    job: Job
    tags: Tags
    loudness: Loudness | None


@click.command()
@click.argument("audio", nargs=-1, required=True, type=INPUT)
@click.option("--tag", "texts", multiple=True, metavar="NAME=TEXT",
              help="title, artist, album, date, genre ... (any usual name). May be repeated.")
@click.option("--remove", "removed", multiple=True, metavar="NAME", help="Take a tag out. May be repeated.")
@click.option("--cover", type=PATH, metavar="PICTURE", help="A cover to put into each file: JPEG or PNG.")
@click.option("--number-tracks", is_flag=True, help="Number the files: tracks 1, 2, 3 ... of how many there are.")
@click.option("--replay-gain", is_flag=True,
              help="Measure each file, and note for players by how much to turn it up or down: ReplayGain 2.0, and "
                   "R128 in Opus. In broadcast WAVs the chunk bext gets the readings too.")
@click.option("--album", is_flag=True, help="With --replay-gain: note the gain of all files together as well.")
@output_options("copy")
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@jobs_option
@json_option
@pass_session
def tag(  # noqa: PLR0913  an argument for each option
    session: Session, /, audio: tuple[Path, ...], texts: tuple[str, ...], removed: tuple[str, ...], cover: Path | None,
    number_tracks: bool, replay_gain: bool, album: bool, output: Path | None, out_dir: Path | None, dry_run: bool,
    n_jobs: int, as_json: bool,
) -> None:
    """Write tags into AUDIO files, or all in folders: WAV, FLAC, Ogg Vorbis, Opus and MP3.

    The audio stays as it is, to the byte, and so does what else is in the tags. Without -o or --out-dir the files
    themselves are changed; each is written whole, or stays as it was.
    """
    from vocolab.cli.batch import end_batch, failure_facts, run_batch
    from vocolab.cli.outputs import make_folders, source_name

    call = _call(texts, removed, cover, number_tracks, replay_gain, album, dry_run)
    jobs = _jobs(audio_inputs(session, audio, out_dir=out_dir), output, out_dir)
    if not dry_run:
        make_folders(jobs, out_dir)
    read = run_batch(session, jobs, partial(_read, call), n_jobs=n_jobs, describe=None, label=source_name,
                     raises=not as_json, part=(0.0, _MEASURED))
    done = [one.result for one in read if one.result is not None]
    whole = _album_level(session, done) if album and done else None
    tracks = {job.source: f"{number}/{len(jobs)}" for number, job in enumerate(jobs, start=1)} if number_tracks else {}
    work = partial(_write, call, whole, tracks)
    written = run_batch(session, done, work, describe=_text, label=lambda one: source_name(one.job),
                        raises=not as_json, part=(_MEASURED, 1.0)) if done else []
    outcomes: list[Outcome[Job, Any]] = [one for one in read if one.error is not None]
    outcomes += [Outcome(one.job.job, one.result, one.error) for one in written]
    if as_json:
        print_json([*(_facts(one.result) for one in written if one.result), *failure_facts(outcomes, source_name)])
    end_batch(session, outcomes, source_name)


def _call(
    texts: Sequence[str], removed: Sequence[str], cover: Path | None, number_tracks: bool, replay_gain: bool,
    album: bool, dry_run: bool,
) -> Call:
    from vocolab.files.tags import Tags, parse_names, parse_tags, read_cover

    if not (texts or removed or cover or number_tracks or replay_gain):
        raise CallError("say what to write: --tag, --remove, --cover, --number-tracks or --replay-gain; "
                        "'vocolab inspect FILE' shows what is there")
    if album and not replay_gain:
        raise CallError("--album is the gain of all files together, and goes with --replay-gain")
    tags, gone = parse_tags(texts), parse_names(removed)
    stated = {name.casefold() for name, _ in tags.values} | ({"track"} if number_tracks else set())
    if number_tracks and tags.get("track"):
        raise CallError("--number-tracks and --tag track= exclude each other; give one of them")
    if both := sorted(stated & gone):
        raise CallError(f"--remove {both[0]}, and another option states it; give one of them")
    tags = tags | Tags(cover=read_cover(cover) if cover else None)
    return Call(tags, gone, number_tracks, replay_gain, album, dry_run)


def _jobs(found: Sequence[Found], output: Path | None, out_dir: Path | None) -> list[Job]:
    """Each file to itself, or to a copy."""
    from vocolab.cli.outputs import plan_outputs

    if any(one.path == STANDARD for one in found) or output == STANDARD:
        raise CallError("tags are written into files; - is none")
    if output is None and out_dir is None:
        return [Job(one.path, one.path) for one in {one.path.resolve(): one for one in found}.values()]
    jobs = plan_outputs(found, lambda source: source.name, output=output, out_dir=out_dir)
    for job in jobs:
        if job.output.suffix.lower() != job.source.suffix.lower():
            raise CallError(f"a copy of {job.source} keeps its format: end its name with {job.source.suffix}",
                            about=job.output)
    return jobs


def _read(call: Call, job: Job, report: Report) -> _Read:
    """What has to be known of a file before anything is written."""
    from vocolab.delivery.watching import Watched
    from vocolab.files.reader import open_audio
    from vocolab.files.tags.editing import editable_container, is_opus
    from vocolab.loudness import measure

    file = open_audio(job.source)
    with job.source.open("rb") as stream:
        editable_container(stream, job.source)
    if call.replay_gain:
        report.notes.extend(file.told("measured"))
    loudness = measure(Watched(file, report.reach)) if call.replay_gain else None
    return _Read(job, file.sample_rate, is_opus(job.source), loudness)


def _album_level(session: Session, read: Sequence[_Read]) -> Level | None:
    """The level of all files, one after the other."""
    from vocolab.delivery.replay_gain import Level, level_of
    from vocolab.files.reader import open_audio
    from vocolab.loudness.integrated import integrated_lufs
    from vocolab.signals import Joined

    levels = [level for one in read if one.loudness is not None and (level := level_of(one.loudness)) is not None]
    lufs = integrated_lufs(Joined([open_audio(one.job.source) for one in read]))
    if lufs is None or not levels:
        session.say("the album has no loudness: no gain of it is noted")
        return None
    album = Level(lufs, max(level.peak for level in levels))
    session.say(f"the album: {lufs:.2f} LUFS, peak {album.peak:.6f}")
    return album


def _write(call: Call, album: Level | None, tracks: dict[Path, str], one: _Read, report: Report) -> Tagged:
    from vocolab.delivery.replay_gain import REPLAY_GAIN_NAMES, gain_tags, level_of
    from vocolab.files.tags.editing import edit_tags
    from vocolab.tags import Tags

    loudness, removed = one.loudness, call.removed
    tags = call.tags | Tags(track=tracks.get(one.job.source, ""))
    level = None if loudness is None else level_of(loudness)
    if level is not None:
        tags = tags | gain_tags(level, album, is_opus=one.is_opus)
        removed |= REPLAY_GAIN_NAMES if one.is_opus else frozenset()
    elif call.replay_gain:
        report.notes.append(f"{one.job.source}: it has no loudness, and gets no gain")
    if not call.dry_run and (tags or removed):
        readings = () if loudness is None else (
            loudness.integrated_lufs, loudness.loudness_range_lu, loudness.true_peak_dbtp,
            loudness.momentary_max_lufs, loudness.short_term_max_lufs,
        )  # fmt: skip
        said = edit_tags(one.job.source, one.job.output, tags, one.sample_rate, removed=removed, loudness=readings)
        report.notes.extend(f"{one.job.source}: {note}" for note in said)
    return Tagged(one.job, tags, loudness)


def _text(one: Tagged) -> str:
    place = "" if one.job.output == one.job.source else f" -> {one.job.output}"
    told = [f"{name}={text if len(text) < _LONGEST_TOLD else text[:_LONGEST_TOLD] + '...'}"
            for name, text in one.tags.items()]
    told += [f"a cover of {one.tags.cover.width} x {one.tags.cover.height}"] if one.tags.cover else []
    return f"{one.job.source}{place}: {', '.join(told) or 'tags removed'}"


def _facts(one: Tagged) -> dict[str, Any]:
    return {
        "file": str(one.job.source), "output": str(one.job.output), "tags": dict(one.tags.items()),
        "integrated_lufs": one.loudness.integrated_lufs if one.loudness else None,
        "true_peak_dbtp": one.loudness.true_peak_dbtp if one.loudness else None,
    }
