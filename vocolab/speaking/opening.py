"""Opens a voice that speaks, with the vocoder that it needs."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from vocolab.catalog import Catalog
from vocolab.errors import CallError
from vocolab.networks.device import CPU, put_on
from vocolab.plugins.specs import AcousticModelSpec, SynthesizerSpec
from vocolab.rendering import open_vocoder
from vocolab.rendering.two_stage import TwoStage
from vocolab.speaking.choice import MADE_WITH, ChosenVoice, VoiceLike, choose_vocoder, choose_voice
from vocolab.speaking.voices import SpeakingVoice, SynthesizerVoice, TwoStageVoice

SPEAKER = "speaker"
"""The option of a model of several speakers."""


def open_voice(
    catalog: Catalog,
    voice: VoiceLike | None = None,
    *,
    speaker: str | None = None,
    vocoder: str | os.PathLike[str] | None = None,
    vocoder_options: Mapping[str, Any] | None = None,
    device: str = CPU,
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
    return _open_two_stage(catalog, chosen, speaker, vocoder, dict(vocoder_options or {}), device, say)


def _open_synthesizer(
    catalog: Catalog, chosen: ChosenVoice, speaker: str | None, vocoder: str | os.PathLike[str] | None
) -> SpeakingVoice:
    if vocoder is not None:
        raise CallError(f"the voice {chosen.name} makes its audio itself: leave the vocoder {vocoder} out")
    spec = catalog.synthesizers.get(chosen.model).spec
    synthesizer = catalog.synthesizers.create(chosen.model, _options(spec, chosen, speaker), chosen.voice)
    return SynthesizerVoice(chosen.name, frozenset(spec.controls), synthesizer)


def _open_two_stage(
    catalog: Catalog, chosen: ChosenVoice, speaker: str | None, vocoder: str | os.PathLike[str] | None,
    vocoder_options: dict[str, Any], device: str, say: Callable[[str], None],
) -> SpeakingVoice:
    spec = catalog.acoustic_models.get(chosen.model).spec
    model = catalog.acoustic_models.create(chosen.model, _options(spec, chosen, speaker), chosen.voice)
    recommended = {} if chosen.voice is None else dict(chosen.voice.recommended)
    made_with = str(recommended.pop(MADE_WITH, ""))
    which = choose_vocoder(catalog, model.mel_spec, vocoder, made_with, say)
    renderer = open_vocoder(
        catalog, which.name, which.voice, {**recommended, **vocoder_options}, model.mel_spec, device=device
    )
    renderer.on_note = say
    put_on(model, device, spec.name)
    return TwoStageVoice(chosen.name, frozenset(spec.controls), TwoStage(model, renderer))


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
