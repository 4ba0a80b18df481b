"""`vocolab.say`, `vocolab.speak` and `vocolab.narrator`: what is installed is looked up, decisions are logged."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from vocolab.audio import Audio
from vocolab.catalog import Catalog
from vocolab.engines.choice import EngineChoice, engine_choice
from vocolab.errors import CallError, UnknownName
from vocolab.speaking.choice import VoiceLike
from vocolab.speaking.narrator import Narrator
from vocolab.speaking.silences import Between
from vocolab.speaking.speech import Speech
from vocolab.speaking.voices import SpeakingVoice
from vocolab.texts.inputs import InputForm
from vocolab.texts.markdown import CodeReading

if TYPE_CHECKING:
    from vocolab.chain.chain import Chain

Words = str | os.PathLike[str] | Mapping[str, str] | None

_log = logging.getLogger("vocolab")


def say(  # noqa: PLR0913
    text: str,
    voice: VoiceLike | Narrator | None = None,
    preset: str | os.PathLike[str] | Chain | None = None,
    *,
    speaker: str | None = None,
    vocoder: str | os.PathLike[str] | None = None,
    language: str | None = None,
    lexicon: Words = None,
    rules: Words = None,
    device: str | None = None,
    engine: EngineChoice | str | None = None,
    input: InputForm | None = None,
    code: CodeReading = "skip",
    between: Between = "room",
    seed: int = 0,
    **controls: float,
) -> Speech:
    """A text, spoken: audio, mel, and when each word is said.

        speech = vocolab.say("The quick brown fox.", preset="podcast", speed=1.1)
        speech.save("out.wav")

    What had to be decided is logged as a warning of the logger "vocolab".

    Args:
        text: What is said: plain, SSML, Markdown or chat messages, as `input` says.
        voice: A voice's name, its file, a `Voice`, or a `Narrator`, which is loaded already. None: the best that is
            installed.
        preset: A preset's name, its path, or a `Chain`: the whole is mastered by it. Times stay those of the speech
            before it, which a preset that trims or pads moves.
        speaker: One of the voice's. None: its first.
        vocoder: A vocoder, a voice of one, or a voice file. None: the one that the voice was made with.
        language: A language's name or tag, as `vocolab.text` takes it, and so `lexicon` and `rules`.
        lexicon: Pronunciations that win.
        rules: Readings that win.
        device: Where networks run. None: the CPU.
        engine: What executes them: an engine's name, or an `EngineChoice`. None: the fastest that is installed.
        input: "plain", "ssml", "markdown" or "messages". None: SSML for a text that begins with `<speak`, else plain.
        code: Whether code blocks of Markdown are skipped or spelled.
        between: What is between sentences: "room" tone, or digital "silence".
        seed: Of what is random.
        controls: `speed`, `pitch_semitones`, `pitch_range`, `energy_db`, `pauses`, see `Narrator`.

    Raises:
        VocolabError: one of `vocolab.errors`, which says what to do.
    """
    chosen = _chain(preset)
    opened = _opened(voice, speaker=speaker, vocoder=vocoder, language=language, lexicon=lexicon, rules=rules,
                     device=device, engine=engine)
    speech = opened.say(text, input=input, code=code, between=between, seed=seed, **controls)
    for report in speech.reports:
        _log.warning(report)
    return speech if chosen is None else replace(speech, audio=chosen(speech.audio))


def speak(  # noqa: PLR0913
    pieces: Iterable[str] | str,
    voice: VoiceLike | Narrator | None = None,
    *,
    speaker: str | None = None,
    vocoder: str | os.PathLike[str] | None = None,
    language: str | None = None,
    lexicon: Words = None,
    rules: Words = None,
    device: str | None = None,
    engine: EngineChoice | str | None = None,
    **how: Any,
) -> Iterator[Audio]:
    """The speech of a text that arrives piece by piece, each stretch of audio as soon as it can be had.

        for audio in vocolab.speak(words_of_a_chat_model, narrator):
            loudspeaker.play(audio)

    Args:
        pieces: Text in pieces of any size, or all of it.
        voice: As `say` takes it; a `Narrator` is loaded already, so that the first sound comes at once.
        speaker, vocoder, language, lexicon, rules, device, engine: As `say` takes them.
        how: `input`, `code`, `between`, `seed` and controls, as `say` takes them.

    Raises:
        VocolabError: one of `vocolab.errors`, which says what to do; of the text itself when its audio is asked for.
    """
    opened = _opened(voice, speaker=speaker, vocoder=vocoder, language=language, lexicon=lexicon, rules=rules,
                     device=device, engine=engine)
    return opened.speak([pieces] if isinstance(pieces, str) else pieces, **how)


def narrator(  # noqa: PLR0913
    voice: VoiceLike | None = None,
    *,
    speaker: str | None = None,
    vocoder: str | os.PathLike[str] | None = None,
    language: str | None = None,
    lexicon: Words = None,
    rules: Words = None,
    device: str | None = None,
    engine: EngineChoice | str | None = None,
) -> Narrator:
    """A voice and a language, loaded once for any number of texts; arguments as `say` takes them.

        narrator = vocolab.narrator()
        first, second = narrator.say("One."), narrator.say("Two.")

    Raises:
        VocolabError: one of `vocolab.errors`, which says what to do.
    """
    return open_narrator(
        Catalog.installed(), voice, speaker=speaker, vocoder=vocoder, language=language, lexicon=lexicon, rules=rules,
        device=device or "cpu", engine=engine, on_note=_log.warning,
    )


def open_narrator(  # noqa: PLR0913
    catalog: Catalog, voice: VoiceLike | None, *, speaker: str | None = None,
    vocoder: str | os.PathLike[str] | None = None, vocoder_options: Mapping[str, Any] | None = None,
    language: str | None = None, lexicon: Words = None, rules: Words = None, device: str = "cpu",
    engine: EngineChoice | str | None = None, on_note: Callable[[str], None] = lambda line: None,
) -> Narrator:
    """The same from a catalog; `vocoder_options` are options of the vocoder and postfilters."""
    from vocolab.speaking.choice import speaking_names
    from vocolab.speaking.opening import open_voice
    from vocolab.texts.opening import open_speaker

    how: dict[str, Any] = {
        "vocoder_options": vocoder_options, "device": device, "engine": engine_choice(engine), "on_note": on_note,
    }
    opened = open_voice(catalog, voice, speaker=speaker, vocoder=vocoder, **how)

    def open_other(name: str) -> SpeakingVoice:
        """Another voice that is installed, or a speaker of the same. A text opens no file."""
        if name in (known := speaking_names(catalog)):
            return open_voice(catalog, name, **how)
        try:
            return open_voice(catalog, voice, speaker=name, vocoder=vocoder, **how)
        except CallError as error:
            raise UnknownName("voice", name, known) from error

    texts = open_speaker(catalog, language, lexicon=lexicon, rules=rules)
    return Narrator(opened, texts, open_other=open_other, on_note=on_note)


def _opened(voice: VoiceLike | Narrator | None, **how: Any) -> Narrator:
    if not isinstance(voice, Narrator):
        return narrator(voice, **how)
    stated = [name for name, value in how.items() if value is not None]
    if stated:
        raise CallError(f"the narrator is open already: give {', '.join(stated)} to vocolab.narrator(...)")
    return voice


def _chain(preset: str | os.PathLike[str] | Chain | None) -> Chain | None:
    from vocolab.chain.chain import Chain
    from vocolab.chain.presets import read_preset

    return preset if preset is None or isinstance(preset, Chain) else read_preset(preset, Catalog.installed())
