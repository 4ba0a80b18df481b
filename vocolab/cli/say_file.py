"""A text spoken to disk, mastered as one piece, and the times of its words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vocolab.cli.finishing import FinishCall
from vocolab.cli.pipes import send
from vocolab.cli.say import Asked
from vocolab.cli.session import Session
from vocolab.cli.voice_credit import credited
from vocolab.delivery.job import Job

if TYPE_CHECKING:
    from vocolab.chain.presets import Preset
    from vocolab.cli.batch import Report
    from vocolab.signals import Signal
    from vocolab.speaking.narrator import Narrator
    from vocolab.speaking.unfinished import Unfinished
    from vocolab.speaking.voices import Take

_MOST_ASSUMED = 10
"""Lines about what was assumed that are shown; `vocolab text` shows all."""


def make_file(
    session: Session, asked: Asked, finish: FinishCall, preset: Preset, narrator: Narrator, output: Path
) -> None:
    """Speak to disk, master, and hand over: `output` is made, and sent where the call says so.

    Raises:
        VocolabError: whatever goes wrong on the way.
    """
    from vocolab.cli.mastering import run_finishing

    made_by = {
        "voice": narrator.voice.name, "speaker": asked.speaker, "vocoder": narrator.voice.vocoder_name or None,
        "preset": preset.name, **asked.controls,
    }
    with _spoken(session, asked, finish, narrator, output, made_by) as spoken:
        # What is made for standard output has a place that nobody knows: nothing is told of it.
        told = Session(session.debug, True, session.no_plugins, session.catalog) if finish.to_stdout else session

        def open_signal(_path: Path, _report: Report) -> Signal:
            return spoken

        voices = narrator.voice.name, narrator.voice.vocoder_name
        here = replace(finish, to_stdout=False, tags=credited(session.catalog, finish.tags, *voices))
        run_finishing(told, here, preset, [Job(Path(asked.source), output)], open_signal, made_by)
        if asked.timestamps is not None:
            _write_times(session, spoken, output, asked.timestamps)
        if finish.to_stdout:
            send(output, finish.stdout_pcm)


@contextmanager
def _spoken(
    session: Session, asked: Asked, finish: FinishCall, narrator: Narrator, output: Path, made_by: dict[str, Any]
) -> Iterator[Unfinished]:
    """All of the text, spoken to disk. It is removed at the end, but kept for --resume if the call is interrupted."""
    from vocolab.speaking.unfinished import alone_in, unfinished_place

    text = whole_text(asked)
    made_of = _made_of(session, asked, finish, narrator, text, made_by)
    with alone_in(place := unfinished_place(output)), _kept(session, asked, narrator, place, made_of) as spoken:
        _speak(session, asked, finish, narrator, spoken, text)
        yield spoken


@contextmanager
def _kept(
    session: Session, asked: Asked, narrator: Narrator, place: Path, made_of: dict[str, Any]
) -> Iterator[Unfinished]:
    """What is spoken already, removed in the end unless the work is interrupted."""
    from vocolab.speaking.unfinished import Unfinished

    spoken = Unfinished(place, made_of, narrator.sample_rate, resume=asked.resume)
    try:
        if asked.resume:
            _say_what_is_there(session, spoken)
        yield spoken
    except Exception:
        if not asked.resume:
            spoken.remove()
        raise
    except BaseException:  # Ctrl-C, SIGTERM
        if spoken.tails_s:
            session.say(f"what is spoken so far is kept in {spoken.folder}; the same call with --resume goes on")
        else:
            spoken.remove()
        raise
    spoken.remove()


def _say_what_is_there(session: Session, spoken: Unfinished) -> None:
    if spoken.is_others:
        session.say(f"{spoken.folder} is of another text, voice or setting: begun anew")
    elif spoken.tails_s:
        seconds = spoken.n_samples / spoken.sample_rate
        session.say(f"{len(spoken.tails_s)} sentences, {seconds:.1f} s, are there already")


def _speak(
    session: Session, asked: Asked, finish: FinishCall, narrator: Narrator, spoken: Unfinished, text: str
) -> None:
    from vocolab.speaking.narrator import Heard
    from vocolab.speaking.silences import checked_between

    talker = narrator.talker(between=checked_between(asked.between), seed=finish.seed, **asked.controls)
    sentences, reports = narrator.sentences(text, asked.form, asked.code)
    heard = Heard(sentences)
    progress = session.progress(1)

    def told(take: Take) -> None:
        progress.reach(0, min(take.sentence.end / max(len(text), 1), 0.99), "spoken")

    try:
        spoken.add(talker.takes(heard, done=spoken.tails_s), told)
    finally:
        progress.close()
    heard.check(text)
    _say_assumed(session, (*reports, *heard.assumed))


def _say_assumed(session: Session, lines: Sequence[str]) -> None:
    from vocolab.cli.text_report import printable

    for line in lines[:_MOST_ASSUMED]:
        session.say(f"note: {printable(line)}")
    if len(lines) > _MOST_ASSUMED:
        session.say(f"note: {len(lines) - _MOST_ASSUMED} more like these; see 'vocolab text'")


def whole_text(asked: Asked) -> str:
    """All that is to be said."""
    from vocolab.cli.text_sources import STANDARD_INPUT, argument_text, file_text

    if asked.file is not None:
        return file_text(asked.file)
    return file_text(Path(STANDARD_INPUT)) if asked.text == STANDARD_INPUT else argument_text(asked.text or "")


def _made_of(
    session: Session, asked: Asked, finish: FinishCall, narrator: Narrator, text: str, made_by: dict[str, Any]
) -> dict[str, Any]:
    """All that decides the samples of what is spoken."""
    from importlib.metadata import version

    from vocolab.speaking.choice import weights_of
    from vocolab.texts.user_words import read_text_file

    files = [path for path in (asked.lexicon, asked.rules) if path is not None]
    return {
        **made_by, "preset": None, "vocolab": version("vocolab"),
        "text": _digest(text.encode("utf-8", "surrogatepass")),
        "input": asked.form, "code": asked.code, "language": narrator.language.language.tag,
        "words": [_digest(read_text_file(path).encode()) for path in files], "between": asked.between,
        "seed": finish.seed,
        "weights": [weights_of(session.catalog, name) for name in (narrator.voice.name, narrator.voice.vocoder_name)],
        "set": [setting for setting in finish.settings if setting.startswith("vocoder.")],
    }  # fmt: skip


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _write_times(session: Session, spoken: Unfinished, output: Path, path: Path) -> None:
    """The times of words in the finished file, which a preset that trims or pads has moved."""
    from vocolab.files.reader import open_audio
    from vocolab.speaking.moved import moved_s
    from vocolab.speaking.timestamps import write_timestamps

    file = open_audio(output)
    by_s = moved_s(spoken, file)
    words, phonemes = spoken.times()
    if by_s:
        session.say(f"times: everything is {by_s:+.3f} s later in the file than it was spoken, as the preset has it")
        words = [word.later(by_s) for word in words]
        phonemes = [phoneme.later(by_s) for phoneme in phonemes]
    write_timestamps(path, words, phonemes, file.n_samples / file.sample_rate)
    session.say(f"times: {path}")
