"""What all postfilters are: vocoders around a vocoder, whose output they change with the mel at hand."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Protocol, cast, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from vocolab.interfaces import ConditionedVocoder, Vocoder, ahead_frames_of
from vocolab.mels.spec import MelSpec


class Postfilter(ABC):
    """A vocoder whose output is filtered; a `Vocoder` itself.

    Args:
        vocoder: What is filtered.
        reach_frames: Frames to either side that a filtered sample depends on.
    """

    magnifies_rounding: ClassVar[bool] = False
    """True where what a network rounds otherwise for parts of another size would be heard of in the parts: the network
    is then run on overlapping chunks, which it rounds much the same."""

    def __init__(self, vocoder: Vocoder, reach_frames: int) -> None:
        self.vocoder, self.reach_frames = vocoder, reach_frames
        self.mel_spec = vocoder.mel_spec
        self.context_frames = vocoder.context_frames + reach_frames
        self.ahead_frames = ahead_frames_of(vocoder) + reach_frames

    def render(
        self, mel: NDArray[np.float32], *, first_frame: int = 0, seed: int = 0, **inputs: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """The vocoder's rendering of a mel (n_mels, frames), filtered: frames * hop_samples samples."""
        audio = cast("ConditionedVocoder", self.vocoder).render(mel, first_frame=first_frame, seed=seed, **inputs)
        return self.filter(audio, mel, first_frame, seed)

    @abstractmethod
    def filter(
        self, audio: NDArray[np.float32], mel: NDArray[np.float32], first_frame: int, seed: int = 0
    ) -> NDArray[np.float32]:
        """Audio (frames * hop_samples,), rendered of a mel (n_mels, frames) from `first_frame` on, filtered."""


class FilterStream(Protocol):
    """A postfilter at work on a rendering that comes in parts."""

    def push(self, audio: NDArray[np.float32], mel: NDArray[np.float32]) -> NDArray[np.float32]:
        """The samples that are certain after the next samples (n,) and the next frames (n_mels, frames).

        Either may come later than the other, the audio of a frame not before the frame.
        """
        ...

    def finish(self) -> NDArray[np.float32]:
        """The samples that are left."""
        ...


@runtime_checkable
class StreamedPostfilter(Protocol):
    """A postfilter that keeps from part to part what it would have to compute again."""

    vocoder: Vocoder
    mel_spec: MelSpec
    reach_frames: int

    def filtering(self) -> FilterStream:
        """A stream at its first sample."""
        ...
