"""`vocolab say`: text to finished speech."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vocolab.cli.finishing import FinishCall, coding_options
from vocolab.cli.inputs import INPUT, STANDARD, STDIN
from vocolab.cli.output_options import form_options
from vocolab.cli.parameters import (
    PATH,
    allow_miss_option,
    cluster_options,
    device_option,
    engine_options,
    json_option,
    level_options,
    set_option,
)
from vocolab.cli.pipes import stdout_pcm_option
from vocolab.cli.session import Session, pass_session
from vocolab.cli.settings import SettingsCommand
from vocolab.cli.text import input_option
from vocolab.errors import CallError

if TYPE_CHECKING:
    from vocolab.engines import EngineChoice
    from vocolab.texts.inputs import InputForm
    from vocolab.texts.markdown import CodeReading

@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is to be said, by whom and how."""

    text: str | None
    file: Path | None
    form: InputForm | None
    code: CodeReading
    voice: str | None
    speaker: str | None
    vocoder: str | None
    language: str | None
    lexicon: Path | None
    rules: Path | None
    device: str
    engine: EngineChoice
    between: str
    speed: float
    pitch: float
    pitch_range: float
    energy: float
    pauses: float
    play: bool
    timestamps: Path | None
    resume: bool

    @property
    def controls(self) -> dict[str, float]:
        """As `Controls` calls them."""
        return {"speed": self.speed, "pitch_semitones": self.pitch, "pitch_range": self.pitch_range,
                "energy_db": self.energy, "pauses": self.pauses}  # fmt: skip

    @property
    def is_from_file(self) -> bool:
        """Whether the text has a file, beside which the speech may go."""
        return self.file is not None and self.file != STANDARD

    @property
    def source(self) -> str:
        """What messages call the text."""
        if self.is_from_file:
            return str(self.file)
        return "text" if self.text not in (None, "-") else STDIN


def _level(function: Any) -> Any:
    for option in reversed(level_options):
        function = option(function)
    return function


@click.command(cls=SettingsCommand)
@click.argument("text", required=False)
@click.option("--file", "file", type=PATH, metavar="FILE", help="Speak what is in FILE.")
@input_option
@click.option("--code", type=click.Choice(["skip", "spell"]), default="skip", show_default=True,
              help="What becomes of code blocks in Markdown and messages.")
@click.option("--voice", metavar="NAME|FILE", help="A voice that speaks. Default: the best that is installed.")
@click.option("--speaker", metavar="NAME", help="One of the voice's speakers. Default: its first.")
@click.option("--vocoder", metavar="NAME|FILE",
              help="A vocoder or a voice of one. Default: the preset's, else what the voice was made with.")
@click.option("--speed", type=float, default=1.0, metavar="FACTOR", help="0.25 to 4; 2 is twice as fast.")
@click.option("--pitch", type=float, default=0.0, metavar="SEMITONES", help="-24 to 24; 12 is an octave up.")
@click.option("--pitch-range", type=float, default=1.0, metavar="FACTOR",
              help="How far the pitch moves, 0 (monotone) to 4.")
@click.option("--energy", type=float, default=0.0, metavar="DB", help="-24 to 24: how loudly the voice speaks.")
@click.option("--pauses", type=float, default=1.0, metavar="FACTOR", help="0 to 10: how long silences are.")
@click.option("--between", type=click.Choice(["room", "silence"]), default="room", show_default=True,
              help="What is between sentences: room tone of the voice, or digital silence.")
@click.option("--language", metavar="NAME|TAG", help="See 'vocolab languages'. Default: the one that is installed.")
@click.option("--lexicon", type=PATH, help="Pronunciations that win: a word, a space and its phonemes a line.")
@click.option("--rules", type=PATH, help="Readings that win: 'written => said' a line.")
@device_option
@engine_options
@click.option("--preset", metavar="NAME|FILE", multiple=True,
              help="See 'vocolab presets'; several run in order. Default: the configuration's, else none.")
@set_option
@_level
@click.option("-o", "--output", type=INPUT, metavar="FILE|-",
              help="The audio file, or - for standard output. Default: beside --file.")
@click.option("--play", is_flag=True, help="To the loudspeaker: at once, or what -o or --preset finished. "
              "Needs the extra 'play'.")
@click.option("--timestamps", type=PATH, metavar="FILE",
              help="When words and phonemes are said: .json, .srt, .vtt or .TextGrid.")
@click.option("--resume", is_flag=True, help="Go on with what an interrupted call has spoken; the result is the same.")
@stdout_pcm_option
@form_options
@coding_options
@allow_miss_option
@click.option("--report", type=PATH, metavar="FILE", help="Write a report: .json, or .html with loudness curves.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of stochastic models and dither.")
@cluster_options
@json_option
@pass_session
def say(session: Session, /, **options: Any) -> None:
    """Speak TEXT (in quotes, or - for standard input), mastered by a preset as one piece.

    The suffix of -o is the format: .wav .flac .ogg .opus .mp3. With -o - the audio leaves through standard output, raw
    PCM without effects as soon as there is some. A long text is spoken sentence by sentence; what is done when a call
    is interrupted is kept beside -o for --resume.
    """
    from vocolab.cli.elsewhere import check_cluster
    from vocolab.cli.mastering import preset_name
    from vocolab.cli.saying import run_say

    options["preset"] = preset_name(session, options) or "none"
    options["device"], options["engine"] = session.device(options["device"]), session.engine(options)
    asked = Asked(**{name: options.pop(name) for name in Asked.__dataclass_fields__})
    finish = FinishCall.of({**options, "out_dir": None, "album": False, "resume": False, "n_jobs": 1})
    if (asked.text is None) == (asked.file is None):
        raise CallError("give one text: in quotes, as - for standard input, or with --file")
    check_cluster(finish)
    if finish.cluster is not None:
        from vocolab.cli.say_elsewhere import say_on_cluster

        say_on_cluster(session, asked, finish)
        return
    run_say(session, asked, finish)
