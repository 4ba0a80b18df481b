"""Frames in, samples out as soon as they are certain: how every vocoder renders, whatever state it carries.

    VocoderStream       what comes out: `push` and `finish`
    ContextStream       a vocoder whose samples depend on a few frames to either side: it is run on overlapping chunks
    a vocoder's own     `StreamedVocoder.open`, or `CachingVocoder.caching`, whose layers keep what they have seen
    FilteredStream      what a postfilter makes of a stream, run on overlapping chunks of audio and mel
    FollowedStream      what a postfilter makes of a stream that keeps from part to part what it needs
    GatheredStream      frames that come in small steps, held back until a chunk can be made of them

Whatever the blocks that are pushed, all of it together is what one pass over the whole mel gives.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from itertools import chain, tee
from typing import cast

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import PluginError, Subject
from vocolab.guarding import origin_of
from vocolab.interfaces import (
    CachingVocoder,
    ConditionedVocoder,
    StreamedCachingVocoder,
    StreamedVocoder,
    Vocoder,
    VocoderStream,
    ahead_frames_of,
)
from vocolab.mels.scaling import silence
from vocolab.mels.spec import MelSpec
from vocolab.postfilters.postfilter import FilterStream, Postfilter, StreamedPostfilter
from vocolab.rendering.finite import FiniteStream
from vocolab.rendering.gathered import GatheredStream
from vocolab.rendering.inputs import Inputs

Samples = NDArray[np.float32]


def open_stream(vocoder: Vocoder, sizes: Iterator[int], seed: int, name: str = "") -> VocoderStream:
    """A stream of `vocoder`; `sizes` are the frames of one chunk after the other. Its samples are finite."""
    inmost = vocoder
    while isinstance(inmost, Postfilter):
        inmost = inmost.vocoder
    origin = origin_of(inmost, "vocoder", name)
    own, outer, sizes = tee(sizes, 3)
    stream, keeps = _opened(vocoder, own, seed, name, may_cache=_gains_by_cache(inmost, next(sizes)))
    if keeps:
        stream = GatheredStream(stream, ahead_frames_of(vocoder), outer)
    return FiniteStream(stream, vocoder.mel_spec.sample_rate, origin)


def _opened(
    vocoder: Vocoder, sizes: Iterator[int], seed: int, name: str, *, may_cache: bool = True
) -> tuple[VocoderStream, bool]:
    """A stream, and whether it takes frames in any steps, since it keeps from step to step what it needs."""
    if isinstance(vocoder, StreamedPostfilter):
        # The first chunk is as much longer as the filter is late: it then gives a chunk at once.
        sizes = chain([next(sizes) + vocoder.reach_frames], sizes)
        inner, keeps = _opened(vocoder.vocoder, sizes, seed, name, may_cache=may_cache)
        return FollowedStream(inner, vocoder.filtering(), vocoder.mel_spec), keeps
    if isinstance(vocoder, Postfilter):
        own, others = tee(sizes)
        may_cache = may_cache and not vocoder.magnifies_rounding
        inner, keeps = _opened(vocoder.vocoder, others, seed, name, may_cache=may_cache)
        if keeps:
            return FilteredStream(inner, vocoder, own, seed), True
        sizes = own
    elif (stream := _own(vocoder, seed, may_cache=may_cache)) is not None:
        return _Counted(stream, vocoder.mel_spec.hop_samples, name), True
    return ContextStream(vocoder, sizes, seed, name), False


def _gains_by_cache(vocoder: Vocoder, chunk_frames: int) -> bool:
    most = getattr(vocoder, "most_cached_frames", None)
    return most is None or chunk_frames <= most


def _own(vocoder: Vocoder, seed: int, *, may_cache: bool) -> VocoderStream | None:
    if may_cache and isinstance(vocoder, StreamedCachingVocoder):
        return vocoder.open_cached(seed)
    if isinstance(vocoder, StreamedVocoder):
        return vocoder.open(seed)
    return vocoder.caching() if may_cache and isinstance(vocoder, CachingVocoder) else None


class _Window:
    """Arrays that grow at one end and are forgotten at the other; the last axis has so many values for each frame."""

    def __init__(self) -> None:
        self._arrays: dict[str, tuple[NDArray[np.float32], int]] = {}
        self._first = 0

    def append(self, name: str, values: NDArray[np.float32], per_frame: int) -> None:
        known = self._arrays.get(name)
        joined = values if known is None else np.concatenate([known[0], values], axis=-1)
        self._arrays[name] = joined, per_frame

    def names(self) -> list[str]:
        return list(self._arrays)

    def cut(self, name: str, first: int, last: int) -> NDArray[np.float32]:
        """The values of frames `first` to `last`."""
        array, per_frame = self._arrays[name]
        return np.ascontiguousarray(array[..., (first - self._first) * per_frame : (last - self._first) * per_frame])

    def forget_before(self, frame: int) -> None:
        gone = frame - self._first
        if gone > 0:
            self._arrays = {name: (array[..., gone * n :], n) for name, (array, n) in self._arrays.items()}
            self._first = frame


class _OverlappingChunks(ABC):
    """Gives frames `start` to `stop` once all that they depend on is there."""

    def __init__(self, context_frames: int, sizes: Iterator[int]) -> None:
        self._context, self._sizes, self._window = context_frames, sizes, _Window()
        self._size, self._start, self._known = next(sizes), 0, 0

    def _ready(self, *, last: bool = False) -> Samples:
        done: list[Samples] = []
        while self._start < self._known and (last or self._start + self._size + self._context <= self._known):
            stop = min(self._start + self._size, self._known)
            first, end = max(0, self._start - self._context), min(self._known, stop + self._context)
            done.append(self._chunk(first, self._start, stop, end))
            self._start, self._size = stop, next(self._sizes)
            self._window.forget_before(max(0, self._start - self._context))
        return np.concatenate(done) if done else np.zeros(0, np.float32)

    @abstractmethod
    def _chunk(self, first: int, start: int, stop: int, last: int) -> Samples:
        """The samples of frames `start` to `stop`, of all that is known of frames `first` to `last`."""


class ContextStream(_OverlappingChunks):
    """A vocoder's rendering, chunk by chunk, each with real frames around it."""

    def __init__(self, vocoder: Vocoder, sizes: Iterator[int], seed: int, name: str = "") -> None:
        super().__init__(vocoder.context_frames, sizes)
        self.vocoder, self.seed, self.name = vocoder, seed, name
        self._hop = vocoder.mel_spec.hop_samples

    def push(self, mel: NDArray[np.float32], **inputs: NDArray[np.float32]) -> Samples:
        """The samples that no further frame can change."""
        self._window.append("mel", mel, 1)
        for name, values in inputs.items():
            self._window.append(name, values, values.shape[-1] // mel.shape[1])
        self._known += mel.shape[1]
        return self._ready()

    def finish(self) -> Samples:
        """The rest."""
        return self._ready(last=True)

    def _chunk(self, first: int, start: int, stop: int, last: int) -> Samples:
        inputs = {name: self._window.cut(name, first, last) for name in self._window.names() if name != "mel"}
        mel = self._window.cut("mel", first, last)
        samples = rendered(self.vocoder, mel, inputs, first_frame=first, seed=self.seed, name=self.name)
        return samples[(start - first) * self._hop : (stop - first) * self._hop]


class FilteredStream(_OverlappingChunks):
    """A postfilter on a stream that can't be run on chunks by itself."""

    def __init__(self, inner: VocoderStream, postfilter: Postfilter, sizes: Iterator[int], seed: int) -> None:
        super().__init__(postfilter.reach_frames, sizes)
        self.inner, self.postfilter, self.seed = inner, postfilter, seed
        self._hop = postfilter.mel_spec.hop_samples
        self._pending = np.zeros(0, np.float32)

    def push(self, mel: NDArray[np.float32], **inputs: NDArray[np.float32]) -> Samples:
        """The samples that no further frame can change."""
        self._window.append("mel", mel, 1)
        self._take(self.inner.push(mel, **inputs))
        return self._ready()

    def finish(self) -> Samples:
        """The rest."""
        self._take(self.inner.finish())
        return self._ready(last=True)

    def _take(self, samples: Samples) -> None:
        """Whole frames go on; what is less than a hop waits for the next samples."""
        pending = np.concatenate([self._pending, samples])
        frames = pending.size // self._hop
        self._window.append("audio", pending[: frames * self._hop], self._hop)
        self._pending = pending[frames * self._hop :]
        self._known += frames

    def _chunk(self, first: int, start: int, stop: int, last: int) -> Samples:
        audio, mel = self._window.cut("audio", first, last), self._window.cut("mel", first, last)
        samples = self.postfilter.filter(audio, mel, first, self.seed)
        return samples[(start - first) * self._hop : (stop - first) * self._hop]


class FollowedStream:
    """A postfilter that takes the samples of a stream as they come, and their frames."""

    def __init__(self, inner: VocoderStream, postfilter: FilterStream, mel_spec: MelSpec) -> None:
        self.inner, self.postfilter, self._spec = inner, postfilter, mel_spec

    def push(self, mel: NDArray[np.float32], **inputs: NDArray[np.float32]) -> Samples:
        """The samples that no further frame can change."""
        return self.postfilter.push(self.inner.push(mel, **inputs), mel)

    def finish(self) -> Samples:
        """The rest."""
        certain = self.postfilter.push(self.inner.finish(), silence(self._spec, 0))
        return np.concatenate([certain, self.postfilter.finish()])


class _Counted:
    """A plugin's stream, held to its length."""

    def __init__(self, inner: VocoderStream, hop_samples: int, name: str) -> None:
        self.inner, self.name = inner, name
        self._hop, self._frames, self._samples = hop_samples, 0, 0

    def push(self, mel: NDArray[np.float32], **inputs: NDArray[np.float32]) -> Samples:
        self._frames += mel.shape[1]
        return self._counted(self.inner.push(mel, **inputs))

    def finish(self) -> Samples:
        samples = self._counted(self.inner.finish())
        self._check(self._samples == self._frames * self._hop)
        return samples

    def _counted(self, samples: Samples) -> Samples:
        self._check(samples.ndim == 1)
        self._samples += samples.size
        self._check(self._samples <= self._frames * self._hop)
        return samples

    def _check(self, right: bool) -> None:
        if not right:
            raise PluginError(
                f"its stream gave {self._samples} samples for {self._frames} frames with a hop of "
                f"{self._hop} samples; a vocoder has to give frames * hop_samples in all",
                about=Subject(self.name, "vocoder"),
            )


def rendered(
    vocoder: Vocoder, mel: NDArray[np.float32], inputs: Inputs, *, first_frame: int, seed: int, name: str
) -> Samples:
    """One pass of a vocoder, held to its length.

    Raises:
        PluginError: if it gives another one.
    """
    samples = cast("ConditionedVocoder", vocoder).render(mel, first_frame=first_frame, seed=seed, **inputs)
    hop = vocoder.mel_spec.hop_samples
    if samples.shape != (mel.shape[1] * hop,):
        raise PluginError(
            f"gave {samples.shape} for {mel.shape[1]} frames with a hop of {hop} "
            "samples; a vocoder has to give frames * hop_samples",
            about=Subject(name, "vocoder"),
        )
    return samples
