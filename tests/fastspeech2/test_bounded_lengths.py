"""What a voice predicts is held to be a sentence's."""

from __future__ import annotations

import numpy as np
import pytest
from speech_fakes import sentence, small_voice

from vocolab.errors import CheckpointError
from vocolab.voice import Voice
from vocolab_fastspeech2.model import FastSpeech2
from vocolab_fastspeech2.options import FastSpeech2Options


@pytest.mark.parametrize("log_frames", [12.0, 80.0, float("nan")])
def test_a_voice_can_not_speak_for_hours(log_frames: float) -> None:
    voice = small_voice()
    bias = np.full_like(voice.tensors["duration.out.bias"], log_frames)
    endless = Voice(voice.model, voice.config, voice.mel_spec, {**voice.tensors, "duration.out.bias": bias},
                    kind=voice.kind)
    with pytest.raises(CheckpointError, match="no sentence lasts 600 s"):
        FastSpeech2(FastSpeech2Options(), endless).synthesize(sentence())
