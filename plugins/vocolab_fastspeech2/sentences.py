"""Sentences through a network that says forms, whatever executes it: what every FastSpeech 2 voice has in common."""

from __future__ import annotations

import numpy as np

from vocolab.errors import CallError, CheckpointError, UnknownName
from vocolab.mels.mel import Mel
from vocolab.speech.prediction import Prediction
from vocolab.texts.document import Sentence
from vocolab.texts.language import DEFAULT_PAUSES_MS
from vocolab.voice import Voice
from vocolab_fastspeech2.blending import is_blend, shares_of
from vocolab_fastspeech2.inventory import inventory_of
from vocolab_fastspeech2.readers import Reader
from vocolab_fastspeech2.said import Said, Speaking
from vocolab_fastspeech2.spoken_form import spoken_form


class SaysSentences:
    """An `AcousticModel`. Nothing is random. A subclass sets `reader`, `speaking` and `speaker`.

    Raises:
        CheckpointError: if the voice states no convention.
    """

    reader: Reader
    speaking: Speaking
    speaker: int

    def __init__(self, voice: Voice) -> None:
        if voice.mel_spec is None:
            raise CheckpointError("the voice states no convention of the mels that it gives")
        self.mel_spec = voice.mel_spec
        self.inventory = inventory_of(voice)

    def synthesize(self, sentence: Sentence, *, seed: int = 0) -> Prediction:
        """The mel of a sentence, how long each symbol lasts, F0, and the energy of each symbol in dB.

        Raises:
            InputError: if nothing in it has a sound, the voice lacks a symbol, or a span is to be said as it can't be.
        """
        form = spoken_form(sentence, self.reader, DEFAULT_PAUSES_MS)
        said = _together([self.speaking.say(part, self.speaker) for part in form.parts()])
        others = {} if said.energy_db is None else {"energy_db": said.energy_db}
        return Prediction(
            Mel(said.mel, self.mel_spec, said.f0_hz), form.names, said.durations_frames, form.words, others)

    def _speaker(self, name: str) -> int:
        speakers = self.inventory.speakers
        if not name:
            return 0
        if is_blend(name):
            shares_of(name, speakers)
            raise CallError(f"the blend {name} of speakers is torch's to say: --engine torch")
        if name not in speakers:
            raise UnknownName("speaker", name, speakers)
        return speakers.index(name)


def _together(parts: list[Said]) -> Said:
    if len(parts) == 1:
        return parts[0]
    f0_hz = [part.f0_hz for part in parts if part.f0_hz is not None]
    energies = [part.energy_db for part in parts if part.energy_db is not None]
    return Said(
        np.concatenate([part.mel for part in parts], axis=1),
        np.concatenate([part.durations_frames for part in parts]),
        np.concatenate(f0_hz) if f0_hz else None,
        np.concatenate(energies) if energies else None,
    )
