"""A voice ready to speak: a sentence in, its audio and the times of its words out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import PluginError, Subject, VocolabError
from vocolab.interfaces import StreamedVocoder, Vocoder
from vocolab.mels.mel import Mel
from vocolab.rendering.chunks import growing_sizes
from vocolab.rendering.two_stage import TwoStage, predicted_times
from vocolab.speaking.silences import Between, faded, missing_s, preceded, room_tone, silent_frame
from vocolab.speech.interfaces import Synthesizer
from vocolab.speech.prediction import Prediction
from vocolab.speech.spoken import PhonemeTime, Spoken, WordTime
from vocolab.texts.document import Sentence

Samples = NDArray[np.float32]

_BLOCK_SAMPLES = 4096
_STEPS = 2
"""In how many parts the first frames are given to a vocoder that streams."""


@dataclass(frozen=True, eq=False)
class Take:
    """A sentence as a voice says it, with silence before it. Its audio is made while it is walked through."""

    sentence: Sentence
    sample_rate: int
    n_samples: int
    words: tuple[WordTime, ...]
    """In seconds from the start of the take."""
    phonemes: tuple[PhonemeTime, ...]
    mel: Mel | None
    render: Callable[[int | None], Iterator[Samples]]
    """Blocks of samples (n,). Given a number of frames, the first is that short and comes that soon if it can."""

    @property
    def tail_s(self) -> float:
        """Silence after its last word, in seconds."""
        return self.n_samples / self.sample_rate - self.words[-1].end_s if self.words else 0.0

    def samples(self) -> Samples:
        """All of them (n,)."""
        return np.concatenate([np.zeros(0, np.float32), *self.render(None)])


class SpeakingVoice(ABC):
    """A voice ready to speak.

    Attributes:
        name: The voice's name or file.
        vocoder_name: That of the vocoder's voice which renders it; empty for a synthesizer.
        controls: What of a word's prosody it obeys.
        sample_rate: Of its audio, in Hz.
    """

    def __init__(self, name: str, controls: frozenset[str], sample_rate: int, vocoder_name: str = "") -> None:
        self.name, self.controls, self.sample_rate, self.vocoder_name = name, controls, sample_rate, vocoder_name

    @abstractmethod
    def take(self, sentence: Sentence, *, silence_s: float, tail_s: float, seed: int, between: Between) -> Take:
        """A sentence with at least one word.

        Args:
            sentence: What is said.
            silence_s: From the last word before to its first, in seconds.
            tail_s: How much of that what was said before has ended with.
            seed: Of what is random.
            between: What fills the rest.

        Raises:
            InputError: if the voice can't say it.
            PluginError: if the model gives what it must not, or raises what it should not.
        """

    def silence(self, sentence: Sentence, silence_s: float) -> Take:
        """Digital silence, for a text that ends in a pause."""
        samples = np.zeros(round(silence_s * self.sample_rate), np.float32)
        return Take(sentence, self.sample_rate, samples.size, (), (), None, lambda first: iter([samples]))

    def _guarded(self, work: Callable[[], object]) -> object:
        """What `work` gives; what a plugin's author did not foresee is a PluginError."""
        try:
            return work()
        except VocolabError:
            raise
        except Exception as error:
            raise PluginError(f"raised {type(error).__name__}: {error}", about=Subject(self.name, "voice")) from error


class TwoStageVoice(SpeakingVoice):
    """An acoustic model with a vocoder."""

    def __init__(self, name: str, controls: frozenset[str], stages: TwoStage) -> None:
        renderer = stages.renderer
        super().__init__(name, controls, stages.sample_rate, renderer.voice_name or renderer.name)
        self.stages = stages

    def take(self, sentence: Sentence, *, silence_s: float, tail_s: float, seed: int, between: Between) -> Take:
        """As `SpeakingVoice.take`; the silence is a whole number of frames."""
        prediction = self._predicted(sentence, seed)
        mel, spec = prediction.mel, prediction.mel.spec
        frame_s = spec.hop_samples / spec.sample_rate
        words, _ = predicted_times(prediction, sentence)
        wanted_s = missing_s(silence_s, tail_s, words[0].start_s if words else 0.0)
        lead = round(wanted_s / frame_s)
        words, phonemes = predicted_times(prediction, sentence, lead)
        rest = room_tone(mel) if between == "room" else silent_frame(spec)
        whole = preceded(mel, rest, lead)
        hop = self.stages.renderer.mel_spec.hop_samples

        def render(first_frames: int | None) -> Iterator[Samples]:
            if between == "room":
                yield from self._rendered(whole, seed, first_frames)
                return
            if lead:
                yield np.zeros(lead * hop, np.float32)
            yield from _faded_blocks(self._rendered(mel, seed, first_frames), mel.frames * hop, self.sample_rate)

        return Take(sentence, self.sample_rate, whole.frames * hop, words, phonemes, whole, render)

    def _predicted(self, sentence: Sentence, seed: int) -> Prediction:
        prediction = self._guarded(lambda: self.stages.model.synthesize(sentence, seed=seed))
        if not isinstance(prediction, Prediction) or prediction.mel.spec != self.stages.model.mel_spec:
            raise PluginError("an acoustic model gives a Prediction with a mel of its own convention; this one gave "
                              f"{type(prediction).__name__}", about=Subject(self.name, "voice"))
        return prediction

    def _rendered(self, mel: Mel, seed: int, first_frames: int | None) -> Iterator[Samples]:
        renderer = self.stages.renderer
        if first_frames is None or renderer.mel_spec.dynamic_range_db is not None:
            yield from renderer.signal(mel, seed=seed).chunks()
            return
        stream = renderer.open(seed=seed, first_frames=first_frames)
        sizes = growing_sizes(first_frames, renderer.chunk_frames)
        size, start = _until_sound(renderer.vocoder, first_frames), 0
        while start < mel.frames:
            block = stream.push(_cut(mel, start, min(start + size, mel.frames)))
            start += size
            if block.size:
                yield block
                size = next(sizes)
        yield stream.finish()


class SynthesizerVoice(SpeakingVoice):
    """A complete synthesizer. Between its sentences there is digital silence."""

    def __init__(self, name: str, controls: frozenset[str], synthesizer: Synthesizer) -> None:
        super().__init__(name, controls, synthesizer.sample_rate)
        self._synthesizer = synthesizer

    def take(self, sentence: Sentence, *, silence_s: float, tail_s: float, seed: int, between: Between) -> Take:
        """As `SpeakingVoice.take`."""
        spoken = self._guarded(lambda: self._synthesizer.synthesize(sentence, seed=seed))
        samples = self._checked(spoken)
        assert isinstance(spoken, Spoken)
        wanted_s = missing_s(silence_s, tail_s, spoken.words[0].start_s if spoken.words else 0.0)
        lead = round(wanted_s * self.sample_rate)
        samples = np.concatenate([np.zeros(lead, np.float32), faded(samples, self.sample_rate)])
        lead_s = lead / self.sample_rate
        return Take(
            sentence, self.sample_rate, samples.size,
            tuple(word.later(lead_s) for word in spoken.words),
            tuple(phoneme.later(lead_s) for phoneme in spoken.phonemes), None, lambda first: _blocks(samples),
        )

    def _checked(self, spoken: object) -> Samples:
        about = Subject(self.name, "voice")
        if not isinstance(spoken, Spoken):
            raise PluginError(f"a synthesizer gives Spoken, and this one gave {type(spoken).__name__}", about=about)
        audio = spoken.audio
        if (audio.sample_rate, audio.channels) != (self.sample_rate, 1):
            raise PluginError(f"gave {audio.channels} channels at {audio.sample_rate} Hz, and states one channel at "
                              f"{self.sample_rate} Hz", about=about)
        if not np.isfinite(audio.samples).all():
            raise PluginError("gave NaN or infinity", about=about)
        samples: Samples = audio.samples[0]
        return samples


def _until_sound(vocoder: Vocoder, first_frames: int) -> int:
    """How many frames at a time a vocoder is given until it sounds.

    One that carries state knows best when it has enough, and is asked often. Any other needs its context.
    """
    if isinstance(vocoder, StreamedVocoder):
        return max(1, first_frames // _STEPS)
    return first_frames + vocoder.context_frames


def _faded_blocks(blocks: Iterator[Samples], n_samples: int, sample_rate: int) -> Iterator[Samples]:
    """Blocks of audio that begins and ends at zero."""
    ramp = faded(np.ones(n_samples, np.float32), sample_rate)
    at = 0
    for block in blocks:
        yield block * ramp[at : at + block.size]
        at += block.size


def _cut(mel: Mel, start: int, end: int) -> Mel:
    f0_hz = None if mel.f0_hz is None else mel.f0_hz[start:end]
    return Mel(mel.values[:, start:end], mel.spec, f0_hz)


def _blocks(samples: Samples) -> Iterator[Samples]:
    for start in range(0, samples.size, _BLOCK_SAMPLES):
        yield samples[start : start + _BLOCK_SAMPLES]
