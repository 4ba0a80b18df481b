"""A synthesizer of two networks: an acoustic model makes the mel, a vocoder the audio."""

from __future__ import annotations

import numpy as np

from vocolab.errors import MelMismatch
from vocolab.mels.conventions import spelled
from vocolab.mels.convert import compare
from vocolab.rendering.renderer import Renderer
from vocolab.speech.interfaces import AcousticModel
from vocolab.speech.prediction import Prediction
from vocolab.speech.spoken import PhonemeTime, Spoken, WordTime, word_times
from vocolab.texts.document import Sentence


class TwoStage:
    """An acoustic model with a vocoder; a `Synthesizer` itself.

    Where the model predicts F0 and the vocoder can use it, it is handed over.

    Raises:
        MelMismatch: if the vocoder does not take the model's mels; `fields` names where the two differ.
    """

    def __init__(self, model: AcousticModel, renderer: Renderer) -> None:
        comparison = compare(model.mel_spec, renderer.mel_spec)
        if comparison.outcome == "incompatible":
            raise MelMismatch(
                f"the acoustic model gives mels of {spelled(model.mel_spec)} and the vocoder takes "
                f"{spelled(renderer.mel_spec)}; they differ in {', '.join(comparison.fields)}", comparison.fields
            )
        self.model, self.renderer = model, renderer
        renderer.are_bands_known = True

    @property
    def sample_rate(self) -> int:
        """Of the audio, in Hz."""
        return self.renderer.sample_rate

    def synthesize(self, sentence: Sentence, *, seed: int = 0) -> Spoken:
        """The audio of a sentence, and when each of its words is said."""
        prediction = self.model.synthesize(sentence, seed=seed)
        words, phonemes = predicted_times(prediction, sentence)
        return Spoken(self.renderer(prediction.mel, seed=seed), words, phonemes, prediction.mel)


def predicted_times(
    prediction: Prediction, sentence: Sentence, lead_frames: int = 0
) -> tuple[tuple[WordTime, ...], tuple[PhonemeTime, ...]]:
    """When each word and each symbol of a prediction is said, `lead_frames` frames of silence standing before it."""
    spec = prediction.mel.spec
    frame_s = spec.hop_samples / spec.sample_rate
    frames = {word: (start + lead_frames, end + lead_frames) for word, (start, end) in prediction.word_frames().items()}
    words = word_times(sentence, {word: (start * frame_s, end * frame_s) for word, (start, end) in frames.items()})
    places = {word: place for place, word in enumerate(sorted(frames))}
    ends = np.cumsum(prediction.durations_frames) + lead_frames
    starts = ends - prediction.durations_frames
    phonemes = tuple(
        PhonemeTime(symbol, float(start * frame_s), float(end * frame_s), places.get(word, -1))
        for symbol, word, start, end in zip(prediction.symbols, prediction.words, starts, ends, strict=True)
    )
    return words, phonemes
