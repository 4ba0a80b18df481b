"""FastSpeech 2 as an acoustic model: a sentence in, mel, durations, F0 and energy out."""

from __future__ import annotations

from vocolab.errors import NoVoice
from vocolab.voice import Voice
from vocolab_fastspeech2.blending import add_speaker, is_blend, shares_of, speakers_of
from vocolab_fastspeech2.networks import opened
from vocolab_fastspeech2.options import FastSpeech2Options
from vocolab_fastspeech2.sentences import SaysSentences


class FastSpeech2(SaysSentences):
    """A FastSpeech 2 voice, ready to speak, by torch.

    Raises:
        NoVoice: if there is none.
        CheckpointError: if its network, its symbols or its convention can't be meant.
        UnknownName: if it has no such speaker.
    """

    def __init__(self, options: FastSpeech2Options, voice: Voice | None) -> None:
        if voice is None:
            raise NoVoice("fastspeech2 speaks with trained weights and none were given")
        super().__init__(voice)
        self.reader, self.speaking = opened(voice, self.inventory, options)
        self.speaker = self._speaker(options.speaker)

    def to(self, device: str) -> None:
        """Run on that device from now on."""
        self.speaking.to(device)

    def _speaker(self, name: str) -> int:
        known, vectors = self.inventory.speakers, speakers_of(self.speaking)
        if name not in known and is_blend(name) and vectors is not None:
            return add_speaker(vectors, shares_of(name, known))
        return super()._speaker(name)
