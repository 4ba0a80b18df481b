"""Where the speech of `vocolab say` goes: a file, standard output, a loudspeaker; at once where that can be."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from vocolab.cli.finishing import FinishCall
from vocolab.cli.pipes import standard_output
from vocolab.cli.say import Asked
from vocolab.cli.session import Session
from vocolab.delivery.job import Job
from vocolab.errors import CallError

if TYPE_CHECKING:
    from vocolab.audio import Audio
    from vocolab.chain.presets import Preset
    from vocolab.speaking.narrator import Narrator
    from vocolab.speaking.playing import Loudspeaker


def run_say(session: Session, asked: Asked, finish: FinishCall) -> None:
    """Speak as asked.

    Raises:
        CallError: if there is nowhere for the audio to go.
        VocolabError: whatever goes wrong on the way.
    """
    from vocolab.cli.mastering import chosen_preset
    from vocolab.cli.say_file import make_file
    from vocolab.speaking.timestamps import check_timestamps

    if asked.timestamps is not None:
        check_timestamps(asked.timestamps)
    preset = chosen_preset(session, finish)
    is_live = _is_live(asked, finish, preset)
    if asked.resume and (is_live or finish.to_stdout or (finish.output is None and not asked.is_from_file)):
        raise CallError("--resume goes with a file that stays: name it with -o")
    if asked.timestamps is not None and is_live:
        raise CallError("--timestamps goes with -o FILE: what leaves at once is kept nowhere")
    loudspeaker = _loudspeaker(asked)
    with _place(asked, finish, preset, is_live=is_live) as output:
        if output is not None:
            _check(finish, preset, asked, output)
        narrator = _narrator(session, asked, preset)
        if output is None:
            _let_go(loudspeaker, finish, _live(asked, finish, narrator))
            return
        make_file(session, asked, finish, preset, narrator, output)
        if loudspeaker is not None:
            loudspeaker.play(_stretches(output))


def _is_live(asked: Asked, finish: FinishCall, preset: Preset) -> bool:
    """Whether the speech can leave as it is made: nothing is done to it that needs the whole, and nothing is kept."""
    changed = preset.with_output(finish.output_form).output
    as_it_comes = not preset.effects and changed.sample_rate_hz is None and changed.channels is None
    leaves = finish.stdout_pcm is not None if finish.to_stdout else asked.play and finish.output is None
    is_one = not (asked.play and finish.to_stdout)
    return leaves and is_one and as_it_comes and preset.target.is_empty and finish.report is None


@contextmanager
def _place(asked: Asked, finish: FinishCall, preset: Preset, *, is_live: bool) -> Iterator[Path | None]:
    """The file to write; a temporary one for what goes to standard output or is only played, None for what is live."""
    if finish.to_stdout:
        standard_output()  # what is closed or a terminal is refused now
    if is_live:
        yield None
    elif finish.output is not None:
        yield finish.output
    elif asked.is_from_file and asked.file is not None and not (finish.to_stdout or asked.play):
        yield asked.file.with_suffix(finish.suffix(preset))
    elif finish.to_stdout or asked.play:
        with tempfile.TemporaryDirectory(prefix="vocolab-say-") as folder:
            yield Path(folder) / f"speech{finish.suffix(preset)}"
    else:
        raise CallError("say where the speech goes: -o FILE, -o - for standard output, or --play")


def _check(finish: FinishCall, preset: Preset, asked: Asked, output: Path) -> None:
    """Refuse what can't be written, before anything is loaded."""
    from vocolab.cli.mastering import prepare
    from vocolab.cli.outputs import make_place

    prepare(finish, preset, [Job(Path(asked.source), output)])
    if asked.file is not None and asked.file.resolve() == output.resolve():
        raise CallError("is the text that is to be spoken; name another output with -o", about=output)
    for place in filter(None, (output, asked.timestamps)):
        make_place(place)


def _narrator(session: Session, asked: Asked, preset: Preset) -> Narrator:
    from vocolab.speaking.calls import open_narrator

    vocoder = asked.vocoder or preset.voice_name or preset.vocoder_name
    options = preset.vocoder_options(asked.vocoder or preset.vocoder_name)
    narrator = open_narrator(
        session.catalog, asked.voice, speaker=asked.speaker, vocoder=vocoder, vocoder_options=options,
        language=asked.language, lexicon=asked.lexicon, rules=asked.rules, device=asked.device,
        engine=asked.engine, on_note=partial(_note, session),
    )
    session.warn_of_broken_plugins()
    with_vocoder = f" (vocoder {narrator.voice.vocoder_name})" if narrator.voice.vocoder_name else ""
    session.say(f"voice: {narrator.voice.name}{with_vocoder}")
    return narrator


def _note(session: Session, line: str) -> None:
    session.say(f"note: {line}")


def _loudspeaker(asked: Asked) -> Loudspeaker | None:
    """What plays, found before anything is made."""
    from vocolab.speaking.playing import Loudspeaker

    return Loudspeaker() if asked.play else None


def _live(asked: Asked, finish: FinishCall, narrator: Narrator) -> Iterator[Audio]:
    """Sentence by sentence, each as soon as it is ready."""
    from vocolab.cli.say_file import whole_text
    from vocolab.cli.text_sources import STANDARD_INPUT, standard_input
    from vocolab.speaking.silences import checked_between

    pieces = standard_input() if asked.text == STANDARD_INPUT else iter([whole_text(asked)])
    return narrator.speak(
        pieces, input=asked.form, code=asked.code, between=checked_between(asked.between), seed=finish.seed,
        **asked.controls,
    )


def _let_go(loudspeaker: Loudspeaker | None, finish: FinishCall, stretches: Iterator[Audio]) -> None:
    """Play what comes, or send it as raw PCM."""
    if loudspeaker is not None:
        loudspeaker.play(stretches)
        return
    from vocolab.files.pcm import PcmEncoder, PcmForm

    assert finish.stdout_pcm is not None
    output, encoder = standard_output(), None
    for audio in stretches:
        if encoder is None:
            form = PcmForm(finish.stdout_pcm, audio.sample_rate, 1)
            encoder = PcmEncoder(form, finish.stated.dither or "tpdf", finish.seed)
        output.write(encoder.encode(audio.samples))
        output.flush()


def _stretches(output: Path) -> Iterator[Audio]:
    from vocolab.audio import Audio
    from vocolab.files.reader import open_audio

    file = open_audio(output)
    return (Audio(block, file.sample_rate) for block in file.blocks())
