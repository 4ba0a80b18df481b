"""Whether sounds last as long as the reader's: the aligner hears both, the recording and what was spoken."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vocolab.alignment.interfaces import Aligner
from vocolab.alignment.placing import place_clip
from vocolab.alignment.transcript import read_transcript
from vocolab.audio import Audio
from vocolab.bench.speech.prompts import Prompt
from vocolab.texts.speaking import Speaker

_KEPT = 512


class Durations:
    """Compares how long the sounds of a prompt last."""

    def __init__(self, aligner: Aligner, reader: Speaker) -> None:
        self._aligner, self._reader = aligner, reader
        self._recorded = lru_cache(_KEPT)(self._of_recording)

    def correlation(self, prompt: Prompt, audio: Audio) -> float:
        """Pearson's correlation of the durations of a prompt's sounds, pauses left out; NaN where all last as long.

        Raises:
            AudioError: if the audio, or the recording, is too short for what is said.
            InputError: if the text can't be read.
        """
        spoken, recorded = self._seconds(prompt, audio), self._recorded(prompt)
        if min(spoken.std(), recorded.std()) == 0:
            return float("nan")
        return float(np.corrcoef(spoken, recorded)[0, 1])

    def _of_recording(self, prompt: Prompt) -> NDArray[np.float64]:
        assert prompt.recording is not None
        return self._seconds(prompt, Audio.load(prompt.recording))

    def _seconds(self, prompt: Prompt, audio: Audio) -> NDArray[np.float64]:
        transcript = read_transcript(self._reader, prompt.text)
        clip = place_clip(self._aligner, self._reader.language.symbols, (prompt.name, audio), transcript)
        return np.array(clip.seconds)[clip.sounds]
