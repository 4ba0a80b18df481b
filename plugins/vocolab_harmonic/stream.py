"""A rendering in parts: mel frames in, samples out as soon as the frames after them are known."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import CallError
from vocolab.networks.interfaces import Execution
from vocolab.networks.noise import gaussian
from vocolab_harmonic.config import HarmonicConfig
from vocolab_harmonic.envelope import envelope
from vocolab_harmonic.excitation import Excitation
from vocolab_harmonic.mel_pitch import MelPitch
from vocolab_harmonic.options import HarmonicOptions
from vocolab_harmonic.rendered_pulses import gate, running
from vocolab_harmonic.sizes import MARGIN_FRAMES, synthesis_ahead_frames, synthesis_context_frames

Floats = NDArray[np.float32]

LOWEST_HZ, HIGHEST_HZ = 20.0, 2_000.0
"""What F0 may be given: no voice is beyond."""


class Steps(Protocol):
    """Filters and sources frame after frame: `steps.FilterSteps`."""

    def push(
        self, mel: Floats, running_hz: Floats, voiced: Floats, pulses: Floats, noise: Floats, *, last: bool = False
    ) -> Floats:
        """The samples that are certain after the next frames."""
        ...


class HarmonicStream:
    """Renders one mel. Joined, its parts are the whole to 1e-5, at any partition.

    What goes on from part to part is the phase of the pulses, and where there are `steps` what the layers have seen.
    Without them all else is computed again for the frames around a part.

    Args:
        execution: Takes the mel, its F0 (frames,), the pulses and the noise, both (frames, hop_samples), each with a
            batch of one in front, and gives the audio (1, frames * hop_samples).
        pitch: Reads F0 from the mel.
        config: Of the voice.
        seed: Of the noise.
        first_frame: Where the mel begins, for the noise.
        options: The pitch. Where F0 that is given is not the mel's, that is read as well, and its harmonics taken off.
        steps: Do what `execution` does frame after frame, where something can.
    """

    def __init__(
        self, execution: Execution, pitch: MelPitch, config: HarmonicConfig, *, seed: int = 0, first_frame: int = 0,
        options: HarmonicOptions = HarmonicOptions(), steps: Steps | None = None,  # noqa: B008  frozen
    ) -> None:
        self._execution, self._spec, self._seed, self._first_frame = execution, pitch.spec, seed, first_frame
        self._hop = pitch.spec.hop_samples
        self._factor = np.float32(2 ** (options.pitch_semitones / 12))
        self._new_pitch, self._steps = options.new_pitch, steps
        self._context = synthesis_context_frames(config, pitch.spec)
        self._ahead = synthesis_ahead_frames(config, pitch.spec)
        self._pitch, self._excitation = pitch, Excitation(pitch.spec)
        # From frame `first` on: the mel, its own F0, that of the pulses before the shift, the noise where it is given.
        self._mel: Floats = np.zeros((pitch.spec.n_mels, 0), dtype=np.float32)
        self._f0: Floats = np.zeros(0, dtype=np.float32)
        self._sung = self._given = self._f0
        self._noise: Floats | None = None
        self._first = 0
        self._done = 0

    def push(self, mel: Floats, *, f0_hz: Floats | None = None, noise: Floats | None = None) -> Floats:
        """The samples that are certain once the frames (n_mels, frames) have come.

        Args:
            mel: The next frames.
            f0_hz: Their F0, (frames,), 0 where unvoiced; None: read from the mel.
            noise: White, of unit variance, (frames * hop_samples,); None: of the seed.

        Raises:
            CallError: if F0 is none that a voice can have.
        """
        self._mel = np.concatenate([self._mel, mel], axis=1)
        if noise is not None:
            self._noise = noise if self._noise is None else np.concatenate([self._noise, noise])
        if f0_hz is not None:
            self._given = np.concatenate([self._given, checked(f0_hz)])
        own = self._pitch.extend(mel) if f0_hz is None or self._new_pitch else self._given
        self._know(own, given=f0_hz is not None)
        return self._up_to(self._excitation.ready)

    def finish(self) -> Floats:
        """The samples that are left."""
        self._know(self._pitch.finish(), given=self._given.size > 0, last=True)
        return self._up_to(self._excitation.ready, last=True)

    def _know(self, own: Floats, *, given: bool, last: bool = False) -> None:
        """The F0 of the next frames of the mel, and as many as that of the pulses."""
        sung = self._given[: own.size] if given else own
        self._given = self._given[own.size :]
        self._f0, self._sung = np.concatenate([self._f0, own]), np.concatenate([self._sung, sung])
        self._excitation.extend(sung * self._factor, last)

    def _up_to(self, ready: int, *, last: bool = False) -> Floats:
        """The samples that are certain where pulses of the frames before `ready` are."""
        if self._steps is None and not last:
            ready = self._known - self._ahead
        if ready <= self._done and not (self._steps and last):
            return np.zeros(0, dtype=np.float32)
        if self._steps is None:
            samples = self._rendered(self._done, ready)
        else:
            samples = self._stepped(self._steps, self._done, ready, last=last)
        self._done = ready
        self._forget(max(0, ready - self._context))
        return samples

    def _stepped(self, steps: Steps, start: int, stop: int, *, last: bool) -> Floats:
        low, high = max(0, start - MARGIN_FRAMES), min(self._known, stop + MARGIN_FRAMES)
        mel, f0 = self._frames(low, high)
        here = slice(start - low, stop - low)
        sources = self._excitation.pulses(start, stop), self._noise_of(start, stop)
        return steps.push(mel[:, here], running(f0)[here], gate(f0)[here], *sources, last=last)

    def _rendered(self, start: int, stop: int) -> Floats:
        low, high = max(0, start - self._context), min(self._known, stop + self._ahead)
        mel, f0 = self._frames(low, high)
        pulses = np.zeros((1, high - low, self._hop), np.float32)  # the last frames' reach no sample before `stop`
        known = min(high, self._excitation.ready)
        pulses[0, : known - low] = self._excitation.pulses(low, known).reshape(-1, self._hop)
        noise = self._noise_of(low, high).reshape(1, high - low, self._hop)
        (audio,) = self._execution(mel[None], f0[None], pulses, noise)
        samples: Floats = audio[0]
        return samples[(start - low) * self._hop : (stop - low) * self._hop]

    def _frames(self, low: int, high: int) -> tuple[Floats, Floats]:
        """The mel of frames, and their F0 as the network is told."""
        here = slice(low - self._first, high - self._first)
        mel, f0 = np.ascontiguousarray(self._mel[:, here]), np.ascontiguousarray(self._f0[here])
        if self._factor != 1 or self._new_pitch:
            mel = np.ascontiguousarray(envelope(mel, f0, self._spec))
        # What is voiced is the pulses' to say, and how it sounds the mel's.
        return mel, np.where((self._sung[here] > 0) & (f0 > 0), f0, self._sung[here])

    def _noise_of(self, low: int, high: int) -> Floats:
        if self._noise is None:
            return gaussian(self._seed, (self._first_frame + low) * self._hop, (high - low) * self._hop)
        return np.ascontiguousarray(self._noise[(low - self._first) * self._hop : (high - self._first) * self._hop])

    @property
    def _known(self) -> int:
        """Up to which frame F0 has been read."""
        return self._first + self._f0.size

    def _forget(self, before: int) -> None:
        self._excitation.forget(before)
        gone = before - self._first
        self._mel, self._first = self._mel[:, gone:], before
        self._f0, self._sung = self._f0[gone:], self._sung[gone:]
        if self._noise is not None:
            self._noise = self._noise[gone * self._hop :]


def checked(f0_hz: Floats) -> Floats:
    """F0 that a voice can have, 0 where unvoiced.

    Raises:
        CallError: naming the first frame that has another.
    """
    wrong = (f0_hz != 0) & ~((f0_hz >= LOWEST_HZ) & (f0_hz <= HIGHEST_HZ))
    if wrong.any():
        frame = int(np.argmax(wrong))
        raise CallError(f"f0_hz: {f0_hz[frame]:g} Hz in frame {frame} of those given; a voice has {LOWEST_HZ:g} to "
                        f"{HIGHEST_HZ:g} Hz, and 0 stands for unvoiced")
    return f0_hz
