"""`vocolab bench speech`: how well the installed voices speak, in one command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vocolab.cli.parameters import PATH, json_option, no_cluster_option
from vocolab.cli.session import Session, add_global_options, pass_session, print_json
from vocolab.errors import CallError

if TYPE_CHECKING:
    from vocolab.audio import Audio
    from vocolab.bench.rows import Row
    from vocolab.bench.speech.measuring import CompareDurations
    from vocolab.bench.speech.prompts import Prompt
    from vocolab.bench.speech.tables import SpeechTable
    from vocolab.bench.speech.talkers import Talker


@dataclass(frozen=True, kw_only=True)
class Call:
    """What was asked for."""

    data: tuple[Path, ...]
    half: str
    n_clips: int | None
    texts: Path | None
    groups: str
    n_sentences: int
    seed: int
    voices: tuple[str, ...]
    vocoder: str | None
    others: tuple[str, ...]
    no_others: bool
    save: Path | None
    as_json: bool
    output: Path | None


@click.command()
@click.option("--data", multiple=True, type=PATH, metavar="DIR",
              help="A corpus whose validation prompts are spoken, beside its recordings. May be repeated.")
@click.option("--half", type=click.Choice(["both", "choosing", "reporting"]), default="reporting", show_default=True,
              help="Of the validation prompts: checkpoints are chosen by the one half, figures reported of the other.")
@click.option("--clips", "n_clips", type=click.IntRange(min=1), metavar="N", help="The first N prompts only.")
@click.option("--texts", type=PATH, metavar="FILE.csv", help="Long sentences are drawn from it: name|text a line.")
@click.option("--groups", default="LJ045,LJ046,LJ047,LJ048", show_default=True, metavar="NAME,NAME...",
              help="What the names of --texts begin with: those that no training has spoken.")
@click.option("--sentences", "n_sentences", type=click.IntRange(min=1), default=30, show_default=True,
              help="How many are drawn, of 20 to 40 words each.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the draw.")
@click.option("--voice", "voices", multiple=True, metavar="NAME[:SPEAKER]|FILE",
              help="May be repeated. Default: all that speak.")
@click.option("--vocoder", metavar="NAME|FILE", help="Another vocoder than the voices were made with.")
@click.option("--other", "others", multiple=True, metavar="NAME",
              help="Another system to measure beside them. May be repeated. Default: all that are installed.")
@click.option("--no-others", is_flag=True, help="None of them.")
@click.option("--save", type=PATH, metavar="DIR", help="Keep what was spoken: ROW/NAME.flac.")
@no_cluster_option("what listens to the speech and judges it is built on this machine")
@json_option
@click.option("-o", "--output", type=PATH, metavar="FILE.md", help="Write the tables here as Markdown.")
@pass_session
def speech(session: Session, /, **options: Any) -> None:
    """Speak prompts by every voice, have them heard and judged, and put recordings and other systems beside them.

    A table for each corpus and one for the drawn sentences: words that Whisper base hears otherwise, misses or adds,
    DistillMOS, whether noise repeats itself, distance from the recording along the best warping, how the durations of
    sounds go with the recording's, CPU seconds a second of audio from the text on, on one thread, and the time to the
    first sound of a voice that is loaded. Needs what 'make judges' builds. Tables are printed on stdout.
    """
    call = Call(**options)
    from vocolab.bench.judges.client import Judges
    from vocolab.bench.quality import one_thread
    from vocolab.bench.speech.tables import SpeechResults
    from vocolab.cli.outputs import make_place
    from vocolab.files.atomic import whole_file

    if not (call.data or call.texts):
        raise CallError("give what is to be spoken: --data DIR, --texts FILE.csv, or both")
    if call.output is not None:
        make_place(call.output)
    with one_thread(), Judges() as judges:
        results = SpeechResults(_tables(session, call, judges))
    text = results.to_markdown()
    if call.output is not None:
        with whole_file(call.output) as temporary:
            temporary.write_text(text, encoding="utf-8")
    if call.as_json:
        print_json(results.to_dict())
    elif call.output is None:
        click.echo(text, nl=False)


add_global_options(speech)


def _tables(session: Session, call: Call, judges: Any) -> list[SpeechTable]:
    from vocolab.bench.speech.prompts import drawn_sentences, validation_prompts
    from vocolab.bench.speech.tables import SpeechTable

    half = "" if call.half == "both" else f", the {call.half} half"
    sets = [(f"validation prompts{half} (`{folder.name}`)", validation_prompts(folder, call.half, call.n_clips))
            for folder in call.data]
    if call.texts is not None:
        groups = [name for name in call.groups.split(",") if name]
        drawn = drawn_sentences(call.texts, groups, call.n_sentences, call.seed)
        sets.append((f"sentences of 20 to 40 words, drawn by seed {call.seed} from {', '.join(groups)}", drawn))
    talkers = _talkers(session, call)
    measured = [_rows(session, call, talkers, prompts, judges) for _, prompts in sets]
    return [SpeechTable(what, len(prompts), rows) for (what, prompts), rows in zip(sets, measured, strict=True)]


def _talkers(session: Session, call: Call) -> list[Talker]:
    from vocolab.bench.speech.talkers import others, recordings, voices

    own = voices(session.catalog, call.voices, call.vocoder, lambda line: session.say(f"note: {line}"))
    session.warn_of_broken_plugins()
    beside = [] if call.no_others else others(call.others or None, session.say)
    copies = {copy.label: copy for _, copy in own if copy is not None}
    return [recordings(), *copies.values(), *beside, *(voice for voice, _ in own)]


def _rows(
    session: Session, call: Call, talkers: Sequence[Talker], prompts: Sequence[Prompt], judges: Any
) -> list[Row]:
    from vocolab.bench.speech.measuring import measure_talker
    from vocolab.bench.speech.words import spelled_words
    from vocolab.cli.progress import Progress
    from vocolab.texts.opening import open_speaker

    has_recordings = any(prompt.recording is not None for prompt in prompts)
    durations = _durations(session) if has_recordings else None
    present = [talker for talker in talkers if has_recordings or not talker.needs_recording]
    words_of = spelled_words(open_speaker(session.catalog))
    progress = Progress(len(present), quiet=session.quiet)
    rows = []
    try:
        for number, talker in enumerate(present):
            done = _counted(progress, number, len(prompts))
            rows.append(measure_talker(talker, prompts, judges, words_of, done, _keeper(call.save), durations))
    finally:
        progress.close()
    return rows


def _durations(session: Session) -> CompareDurations | None:
    """How durations are compared; None without an aligner, which is told."""
    from vocolab.alignment.opening import open_aligner
    from vocolab.bench.speech.durations import Durations
    from vocolab.errors import NoVoice

    try:
        return Durations(*open_aligner(session.catalog)).correlation
    except NoVoice:
        session.say("no trained aligner is installed: durations are not compared")
        return None


def _counted(progress: Any, number: int, n_prompts: int) -> Callable[[str], None]:
    so_far = iter(range(1, n_prompts + 1))
    return lambda label: progress.reach(number, next(so_far) / n_prompts, label)


def _keeper(folder: Path | None) -> Callable[[str, str, Audio], None] | None:
    if folder is None:
        return None

    def keep(label: str, name: str, audio: Audio) -> None:
        place = folder / "".join(c if c.isalnum() or c in "-_" else "-" for c in label)
        place.mkdir(parents=True, exist_ok=True)
        audio.save(place / f"{name}.flac")

    return keep
