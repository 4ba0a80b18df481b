"""What `vocolab say` does: the text is spoken to disk, mastered as one piece, and then kept, written out or played."""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vocolab.cli.finishing import FinishCall
from vocolab.cli.progress import Progress
from vocolab.cli.say import Asked
from vocolab.cli.session import Session
from vocolab.delivery.job import Job
from vocolab.errors import CallError

if TYPE_CHECKING:
    from vocolab.audio import Audio
    from vocolab.chain.presets import Preset
    from vocolab.cli.batch import Report
    from vocolab.signals import Signal
    from vocolab.speaking.narrator import Narrator
    from vocolab.speaking.playing import Loudspeaker
    from vocolab.speaking.unfinished import Unfinished
    from vocolab.speaking.voices import Take

_MOST_ASSUMED = 10
"""Lines about what was assumed that are shown; `vocolab text` shows all."""
_BINARY_BYTES = 2**16


def run_say(session: Session, asked: Asked, finish: FinishCall, *, is_stdout: bool) -> None:
    """Speak as asked.

    Raises:
        CallError: if there is nowhere for the audio to go.
        VocolabError: whatever goes wrong on the way.
    """
    from vocolab.chain.presets import read_preset
    from vocolab.speaking.timestamps import check_timestamps

    if asked.timestamps is not None:
        check_timestamps(asked.timestamps)
    preset = read_preset(finish.preset, session.catalog, finish.settings)
    is_live = asked.play and finish.output is None and not is_stdout and not preset.effects
    if is_live and (asked.timestamps is not None or asked.resume):
        raise CallError("--timestamps and --resume go with -o: what is only played at once is kept nowhere")
    loudspeaker = _loudspeaker(asked)
    with _place(asked, finish, preset, is_stdout=is_stdout, is_live=is_live) as output:
        if output is not None:
            _check(finish, preset, asked, output)
        narrator = _narrator(session, asked, preset)
        if output is None:
            assert loudspeaker is not None
            loudspeaker.play(_live(asked, finish, narrator))
            return
        _finish(session, asked, finish, preset, narrator, output, is_stdout=is_stdout)
        if loudspeaker is not None:
            loudspeaker.play(_stretches(output))


@contextmanager
def _place(
    asked: Asked, finish: FinishCall, preset: Preset, *, is_stdout: bool, is_live: bool
) -> Iterator[Path | None]:
    """The file to write; a temporary one for what goes to standard output or is only played, None for what is live."""
    if is_live:
        yield None
    elif finish.output is not None:
        yield finish.output
    elif asked.file is not None and not (is_stdout or asked.play):
        yield asked.file.with_suffix(finish.suffix(preset))
    elif is_stdout or asked.play:
        if is_stdout and sys.stdout.isatty():
            raise CallError("-o - writes an audio file, and standard output is a terminal: redirect it, or play with "
                            "--play")
        with tempfile.TemporaryDirectory(prefix="vocolab-say-") as folder:
            yield Path(folder) / f"speech{finish.suffix(preset)}"
    else:
        raise CallError("say where the speech goes: -o FILE, -o - for standard output, or --play")


def _check(finish: FinishCall, preset: Preset, asked: Asked, output: Path) -> None:
    """Refuse what can't be written, before anything is loaded."""
    from vocolab.cli.mastering import prepare
    from vocolab.files.atomic import check_place

    prepare(finish, preset, [Job(Path(asked.source), output)])
    for place in filter(None, (output, asked.timestamps)):
        check_place(place)
    if asked.file is not None and asked.file.resolve() == output.resolve():
        raise CallError("is the text that is to be spoken; name another output with -o", about=output)


def _narrator(session: Session, asked: Asked, preset: Preset) -> Narrator:
    from vocolab.speaking.calls import open_narrator

    vocoder = asked.vocoder or preset.voice_name or preset.vocoder_name
    options = preset.vocoder_options(asked.vocoder or preset.vocoder_name)
    narrator = open_narrator(
        session.catalog, asked.voice, speaker=asked.speaker, vocoder=vocoder, vocoder_options=options,
        language=asked.language, lexicon=asked.lexicon, rules=asked.rules, device=asked.device,
        on_note=partial(_note, session),
    )
    session.warn_of_broken_plugins()
    with_vocoder = f" (vocoder {narrator.voice.vocoder_name})" if narrator.voice.vocoder_name else ""
    session.say(f"voice: {narrator.voice.name}{with_vocoder}")
    return narrator


def _note(session: Session, line: str) -> None:
    session.say(f"note: {line}")


def _finish(
    session: Session, asked: Asked, finish: FinishCall, preset: Preset, narrator: Narrator, output: Path, *,
    is_stdout: bool,
) -> None:
    """Speak to disk, master, and hand over."""
    from vocolab.cli.mastering import run_finishing

    made_by = {
        "voice": narrator.voice.name, "speaker": asked.speaker, "vocoder": narrator.voice.vocoder_name or None,
        "preset": preset.name, **asked.controls,
    }
    with _spoken(session, asked, finish, narrator, output, made_by) as spoken:
        quiet = Session(session.debug, True, session.no_plugins, session.catalog) if is_stdout else session

        def open_signal(_path: Path, _report: Report) -> Signal:
            return spoken

        run_finishing(quiet, finish, preset, [Job(Path(asked.source), output)], open_signal, made_by)
        if asked.timestamps is not None:
            _write_times(session, spoken, output, asked.timestamps)
        if is_stdout:
            _copy_to_stdout(output)


@contextmanager
def _spoken(
    session: Session, asked: Asked, finish: FinishCall, narrator: Narrator, output: Path, made_by: dict[str, Any]
) -> Iterator[Unfinished]:
    """All of the text, spoken to disk. It is removed at the end, but kept for --resume if the call is interrupted."""
    from vocolab.speaking.unfinished import Unfinished, unfinished_place

    text = _whole_text(asked)
    made_of = _made_of(session, asked, finish, narrator, text, made_by)
    spoken = Unfinished(unfinished_place(output), made_of, narrator.sample_rate, resume=asked.resume)
    try:
        if asked.resume:
            _say_what_is_there(session, spoken)
        _speak(session, asked, finish, narrator, spoken, text)
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
    progress = Progress(1, quiet=session.quiet)

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


def _whole_text(asked: Asked) -> str:
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

    files = [path for path in (asked.lexicon, asked.rules) if path is not None]
    return {
        **made_by, "preset": None, "vocolab": version("vocolab"),
        "text": _digest(text.encode("utf-8", "surrogatepass")),
        "input": asked.form, "code": asked.code, "language": narrator.language.language.tag,
        "words": [_digest(path.read_bytes()) for path in files], "between": asked.between, "seed": finish.seed,
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


def _copy_to_stdout(output: Path) -> None:
    with output.open("rb") as file:
        shutil.copyfileobj(file, sys.stdout.buffer, _BINARY_BYTES)
    sys.stdout.buffer.flush()


def _loudspeaker(asked: Asked) -> Loudspeaker | None:
    """What plays, found before anything is made."""
    from vocolab.speaking.playing import Loudspeaker

    return Loudspeaker() if asked.play else None


def _live(asked: Asked, finish: FinishCall, narrator: Narrator) -> Iterator[Audio]:
    """Sentence by sentence, each as soon as it is ready."""
    from vocolab.cli.text_sources import STANDARD_INPUT, standard_input
    from vocolab.speaking.silences import checked_between

    pieces = standard_input() if asked.text == STANDARD_INPUT else iter([_whole_text(asked)])
    return narrator.speak(
        pieces, input=asked.form, code=asked.code, between=checked_between(asked.between), seed=finish.seed,
        **asked.controls,
    )


def _stretches(output: Path) -> Iterator[Audio]:
    from vocolab.audio import Audio
    from vocolab.files.reader import open_audio

    file = open_audio(output)
    return (Audio(block, file.sample_rate) for block in file.blocks())
