"""Opens a voice that speaks, with the vocoder that it needs."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from vocolab.catalog import Catalog
from vocolab.engines.choice import EngineChoice, usual_engine
from vocolab.engines.opening import Wanted, open_model
from vocolab.errors import CallError
from vocolab.networks.device import AUTO, CPU, put_on
from vocolab.plugins.specs import AcousticModelSpec, SynthesizerSpec
from vocolab.rendering import open_vocoder
from vocolab.rendering.two_stage import TwoStage
from vocolab.speaking.choice import MADE_WITH, ChosenVoice, VoiceLike, choose_vocoder, choose_voice
from vocolab.speaking.voices import SpeakingVoice, SynthesizerVoice, TwoStageVoice

SPEAKER = "speaker"
"""The option of a model of several speakers."""


def open_voice(  # noqa: PLR0913
    catalog: Catalog,
    voice: VoiceLike | None = None,
    *,
    speaker: str | None = None,
    vocoder: str | os.PathLike[str] | None = None,
    vocoder_options: Mapping[str, Any] | None = None,
    device: str = CPU,
    engine: EngineChoice | None = None,
    on_note: Callable[[str], None] = lambda line: None,
) -> SpeakingVoice:
    """A voice ready to speak; the best one where none is named.

    Args:
        catalog: What is installed.
        voice: Its name, its file, a `Voice`, or the name of a model that speaks.
        speaker: One of the voice's; None: its first.
        vocoder: A vocoder or a voice of one, by name, or a voice file. None: what the voice was made with, else what
            fits best.
        vocoder_options: Its options and postfilters, over what the voice recommends for its mels.
        device: Where its networks run.
        engine: What executes them. None: the fastest that is installed.
        on_note: Told what was decided, each line once.

    Raises:
        UnknownName, OptionError: if there is no such voice, speaker, vocoder or option.
        NoVoice: if nothing that speaks is installed.
        CheckpointError: if a voice is damaged, or does not speak.
        MelMismatch: if the vocoder does not take the voice's mels, or none that is installed does.
        CallError: if a vocoder is named for a voice that needs none, or a speaker for a voice of one; if the device is
            not here, or a model runs on the CPU only.
    """
    say = _once_each(on_note)
    chosen = choose_voice(catalog, voice, say)
    if chosen.kind == SynthesizerSpec.KIND:
        return _open_synthesizer(catalog, chosen, speaker, vocoder)
    return _open_two_stage(catalog, chosen, speaker, vocoder, dict(vocoder_options or {}), device,
                           engine or usual_engine(), say)


def _open_synthesizer(
    catalog: Catalog, chosen: ChosenVoice, speaker: str | None, vocoder: str | os.PathLike[str] | None
) -> SpeakingVoice:
    if vocoder is not None:
        raise CallError(f"the voice {chosen.name} makes its audio itself: leave the vocoder {vocoder} out")
    spec = catalog.synthesizers.get(chosen.model).spec
    synthesizer = catalog.synthesizers.create(chosen.model, _options(spec, chosen, speaker), chosen.voice)
    return SynthesizerVoice(chosen.name, frozenset(spec.controls), synthesizer)


def _open_two_stage(  # noqa: PLR0913
    catalog: Catalog, chosen: ChosenVoice, speaker: str | None, vocoder: str | os.PathLike[str] | None,
    vocoder_options: dict[str, Any], device: str, engine: EngineChoice, say: Callable[[str], None],
) -> SpeakingVoice:
    spec = catalog.acoustic_models.get(chosen.model).spec
    options = _options(spec, chosen, speaker)
    wanted = Wanted(catalog.acoustic_models.get(chosen.model), options, chosen.voice,
                    lambda: catalog.acoustic_models.create(chosen.model, options, chosen.voice))
    model, _ = open_model(catalog, wanted, _for_the_model(engine, wanted), device, say)
    recommended = {} if chosen.voice is None else dict(chosen.voice.recommended)
    made_with = str(recommended.pop(MADE_WITH, ""))
    which = choose_vocoder(catalog, model.mel_spec, vocoder, made_with, say)
    renderer = open_vocoder(
        catalog, which.name, which.voice, {**recommended, **vocoder_options}, model.mel_spec, device=device,
        engine=engine, on_note=say,
    )
    renderer.on_note, renderer.force = say, True  # what a model predicts is noted where it is odd, and spoken
    put_on(model, device, spec.name)
    return TwoStageVoice(chosen.name, frozenset(spec.controls), TwoStage(model, renderer))


def _for_the_model(engine: EngineChoice, wanted: Wanted) -> EngineChoice:
    """An engine that is named is meant for the vocoder too: a model without a graph takes what can run it."""
    return engine if wanted.has_graph else replace(engine, engine=AUTO)


def _options(
    spec: AcousticModelSpec | SynthesizerSpec, chosen: ChosenVoice, speaker: str | None
) -> dict[str, Any]:
    if speaker is None:
        return {}
    if SPEAKER not in spec.options.model_fields:
        raise CallError(f"the voice {chosen.name} has one speaker: leave the speaker {speaker!r} out")
    return {SPEAKER: speaker}


def _once_each(on_note: Callable[[str], None]) -> Callable[[str], None]:
    said: set[str] = set()

    def say(line: str) -> None:
        if line not in said:
            said.add(line)
            on_note(line)

    return say
