"""What speaks: acoustic models and synthesizers."""

from __future__ import annotations

from typing import Any

import numpy as np

from vocolab.guarding import Origin, running
from vocolab.guarding.arrays import first_not_finite
from vocolab.guarding.calls import broken
from vocolab.speech.prediction import Prediction
from vocolab.speech.spoken import Spoken
from vocolab.texts.document import Sentence

_SLACK_S = 0.001
"""How far a word's end may be behind that of the audio: rounding."""


def acoustic_methods(cls: Any, origin: Origin) -> dict[str, Any]:
    """What takes the place of an acoustic model's own methods."""

    def synthesize(self: Any, sentence: Sentence, *, seed: int = 0) -> Prediction:
        with running(origin):
            found = cls.synthesize(self, sentence, seed=seed)
        if not isinstance(found, Prediction):
            raise broken(origin, f"gave {type(found).__name__}, and an acoustic model gives a Prediction")
        if found.mel.spec != self.mel_spec:
            raise broken(origin, "gave a mel of another convention than its own mel_spec")
        if first_not_finite(found.mel.values) is not None:
            raise broken(origin, "gave a mel with NaN or infinity")
        if bad := [number for number in found.words if number >= len(sentence.words)]:
            raise broken(origin, f"gave symbols of word {bad[0]}, and the sentence has {len(sentence.words)}")
        return found

    return {"synthesize": synthesize, **_moving(cls, origin)}


def synthesizer_methods(cls: Any, origin: Origin) -> dict[str, Any]:
    """What takes the place of a synthesizer's own methods."""

    def synthesize(self: Any, sentence: Sentence, *, seed: int = 0) -> Spoken:
        with running(origin):
            found = cls.synthesize(self, sentence, seed=seed)
        if not isinstance(found, Spoken):
            raise broken(origin, f"gave {type(found).__name__}, and a synthesizer gives Spoken")
        _check_audio(found, self.sample_rate, origin)
        _check_times(found, origin)
        return found

    return {"synthesize": synthesize, **_moving(cls, origin)}


def _check_audio(spoken: Spoken, sample_rate: int, origin: Origin) -> None:
    audio = spoken.audio
    if (getattr(audio, "sample_rate", 0), getattr(audio, "channels", 0)) != (sample_rate, 1):
        raise broken(origin, f"gave {audio!r}, and has to give one channel at its sample_rate, {sample_rate} Hz")
    if first_not_finite(audio.samples) is not None:
        raise broken(origin, "gave NaN or infinity")


def _check_times(spoken: Spoken, origin: Origin) -> None:
    """Words follow each other and end with the audio."""
    before = 0.0
    for word in spoken.words:
        if not (before <= word.start_s <= word.end_s <= spoken.audio.seconds + _SLACK_S):
            raise broken(origin, f"says that {word.word!r} is from {word.start_s:.3f} to {word.end_s:.3f} s; the word "
                                 f"before starts at {before:.3f} s, and the audio ends at {spoken.audio.seconds:.3f} s")
        before = word.start_s
    if not np.isfinite([time for one in spoken.phonemes for time in (one.start_s, one.end_s)]).all():
        raise broken(origin, "gave a phoneme a time that is no number")


def _moving(cls: Any, origin: Origin) -> dict[str, Any]:
    def to(self: Any, device: str) -> None:
        with running(origin):
            cls.to(self, device)

    return {"to": to} if hasattr(cls, "to") else {}
