"""Rounds of band gains over a stream: audio and mel in, levelled audio out, and no frame computed twice.

    audio -> round 1 -> round 2 -> ... -> audio        each is late by the samples that its frames reach ahead

A round keeps the samples that its next frames begin with, and the sum of the frames that its next samples end with.
What comes out is the same however the audio is cut.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from vocolab.postfilters.bands import Bands
from vocolab.postfilters.places import Places, places_of
from vocolab.spectral import fourier

Floats: TypeAlias = NDArray[np.float32]

RELAXATION = 1.3
"""What differences are multiplied by after the first round, which takes away what all frames agree on."""
MOMENTUM = 0.75
"""How much of a round's step the next one begins further on, as in Nesterov's gradient method. With it 8 rounds come as
near as 12 without. It converges while RELAXATION is below (2 + 2 MOMENTUM) / (1 + 2 MOMENTUM), which is 1.4."""
_FRAMES_AT_A_TIME = 32
"""Their spectra stay in a processor's cache."""


class LevellingStream:
    """Audio with the bands of its mel, part by part.

    Args:
        bands: Of the mel's convention.
        rounds: 1 or more.
    """

    def __init__(self, bands: Bands, rounds: int) -> None:
        self._bands = bands
        self._rounds = [
            _Round(bands, places, is_first=index == 0) for index, places in enumerate(places_of(bands.spec, rounds))
        ]
        self._wanted: Floats = np.zeros((0, bands.spec.n_mels), np.float32)
        self._first = 0

    def push(self, audio: Floats, mel: Floats) -> Floats:
        """The samples that are certain after the next samples (n,) and frames (n_mels, frames); of both as they come.

        By the time that a frame's samples are there, the frame has to be.
        """
        self._wanted = np.concatenate([self._wanted, self._bands.wanted(mel)])
        return self._run(audio, last=False)

    def finish(self) -> Floats:
        """The samples that are left."""
        return self._run(np.zeros(0, np.float32), last=True)

    def _run(self, audio: Floats, *, last: bool) -> Floats:
        begin = audio
        for one in self._rounds:
            low, high = one.frames_with(begin.size, last=last)
            wanted = self._wanted[low - self._first : high - self._first]
            audio, begin = one.push(audio, begin, wanted, last=last)
        behind = self._rounds[-1].n_frames
        self._wanted, self._first = self._wanted[behind - self._first :], behind
        return audio


class _Round:
    """One round over a stream.

    Positions are those of the signal that the frames stand in, which begins before the audio with a reflection of it.
    """

    def __init__(self, bands: Bands, places: Places, *, is_first: bool) -> None:
        self._bands, self._places, self._is_first = bands, places, is_first
        self._frames = places.frames
        self._start = self._frames.start
        self._end = (self._frames.slots - 1) * self._frames.hop - self._start
        """Samples of the signal behind the audio; where it is negative, the last ones of the audio are in no frame."""
        self._relaxation = 1.0 if is_first else RELAXATION
        self._signal: Floats = np.zeros(0, np.float32)
        self._sum: Floats = np.zeros((places.slots - 1) * self._frames.hop, np.float32)
        self._before: Floats = self._signal
        self._has_begun = False
        self._taken = self._passed = self._given = 0
        self.n_frames = 0
        """How many are done."""

    def frames_with(self, n_samples: int, *, last: bool) -> tuple[int, int]:
        """The frames that can be done with so many samples more: from the first to before the last."""
        taken = self._taken + n_samples
        if last:
            return self.n_frames, taken // self._frames.hop
        if not self._begins_with(taken):
            return self.n_frames, self.n_frames
        known = self._start + taken
        return self.n_frames, max(self.n_frames, known // self._frames.hop - self._frames.slots + 1)

    def push(self, before: Floats, begin: Floats, wanted: Floats, *, last: bool) -> tuple[Floats, Floats]:
        """The audio that is certain now, and what the next round begins with there.

        Args:
            before: The audio that the round before this one gave.
            begin: What this round begins with, as many samples.
            wanted: The bands (frames, n_mels) of the frames that `frames_with` said.
            last: Whether nothing comes after.
        """
        frames, count = self._frames, len(wanted)
        self._take(begin, last=last)
        summed = np.concatenate([self._sum, np.zeros(count * frames.hop, np.float32)])
        for first in range(0, count, _FRAMES_AT_A_TIME):
            self._level(first, wanted[first : first + _FRAMES_AT_A_TIME], summed)
        ready = summed.size if last else count * frames.hop
        audio = self._normed(summed[:ready], last=last)
        self._sum, self._signal = summed[ready:], self._signal[count * frames.hop :]
        self.n_frames += count
        audio = self._cut(audio, last=last)
        self._before = np.concatenate([self._before, before])
        before, self._before = self._before[: audio.size], self._before[audio.size :]
        return audio, audio if self._is_first else audio + np.float32(MOMENTUM) * (audio - before)

    def _begins_with(self, n_samples: int) -> bool:
        """Whether there are enough samples for the reflections at both ends."""
        return n_samples > max(self._start, self._end)

    def _take(self, begin: Floats, *, last: bool) -> None:
        self._signal = np.concatenate([self._signal, begin])
        self._taken += begin.size
        begins = not self._has_begun and (self._begins_with(self._taken) or last)
        front, behind = self._start if begins else 0, max(self._end, 0) if last else 0
        if self._signal.size and (front or behind):
            self._signal = _reflected(self._signal, front, behind)
        self._has_begun = self._has_begun or begins

    def _level(self, first: int, wanted: Floats, summed: Floats) -> None:
        """Add up frames, levelled: those from `first` on of the signal that is there."""
        frames, places, count = self._frames, self._places, len(wanted)
        hops = self._signal[first * frames.hop :][: (count + frames.slots - 1) * frames.hop].reshape(-1, frames.hop)
        parts = np.empty((count, frames.slots, frames.hop), np.float32)
        for slot in range(frames.slots):
            np.multiply(hops[slot : slot + count], places.window[slot], out=parts[:, slot])
        # A frame that begins at its window has the magnitudes of one whose window stands in its middle. Beyond the
        # window, where the last hop may reach further than the transform, there is nothing to add.
        spectra = fourier.rfft(parts.reshape(count, -1), frames.n_fft)
        within = spectra[:, : self._bands.bins]
        within *= self._bands.gains(within, wanted, self._relaxation)
        levelled, rows = fourier.irfft(spectra, frames.n_fft), summed.reshape(-1, frames.hop)
        for row in reversed(range(places.slots)):  # a sample sums its frames in their order
            slot = places.first + row
            piece = levelled[:, slot * frames.hop : (slot + 1) * frames.hop]
            width = piece.shape[1]
            rows[first + row : first + row + count, :width] += piece * places.synthesis[slot, :width]

    def _normed(self, summed: Floats, *, last: bool) -> Floats:
        """Sums of windowed frames as the signal that they stand for."""
        rows = summed.reshape(-1, self._frames.hop)
        normed = rows * self._places.norm
        total, slots = self._taken // self._frames.hop if last else None, self._places.slots
        for row in range(len(rows)):
            hop = self.n_frames + row
            if hop < slots - 1 or (total is not None and hop >= total):
                normed[row] = rows[row] * self._places.norm_of(hop, total)
            elif total is None:
                break
        return normed.reshape(-1)

    def _cut(self, signal: Floats, *, last: bool) -> Floats:
        """The audio in the signal's next samples: without what is in front of it, and as long as what was taken."""
        skipped = min(max(self._start - self._places.first * self._frames.hop - self._passed, 0), signal.size)
        self._passed += signal.size
        audio = signal[skipped:]
        if last:
            left = self._taken - self._given
            audio = np.pad(audio[:left], (0, max(left - audio.size, 0)))
        self._given += audio.size
        return audio


def _reflected(signal: Floats, front: int, behind: int) -> Floats:
    """The signal with so many samples more at its ends, which it is reflected in."""
    if max(front, behind) < signal.size:  # as nearly always; NumPy's own takes many times as long for so few
        return np.concatenate([signal[front:0:-1], signal, signal[-2 : -2 - behind : -1]])
    mode = "reflect" if signal.size > 1 else "edge"
    return np.pad(signal, (front, behind), mode=mode)  # type: ignore[call-overload,no-any-return]
