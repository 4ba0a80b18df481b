"""A rendering in parts: mel frames in, samples out as soon as the frames after them are known."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from vocolab.networks.noise import gaussian
from vocolab_harmonic.excitation import Excitation
from vocolab_harmonic.mel_pitch import MelPitch
from vocolab_harmonic.network import HarmonicGenerator
from vocolab_harmonic.sizes import synthesis_context_frames

Floats = NDArray[np.float32]


class HarmonicStream:
    """Renders one mel. Joined, its parts are the whole to 1e-5, at any partition.

    What goes on from part to part is the phase of the pulses. All else is computed again for the frames around a part.

    Args:
        network: In evaluation mode.
        seed: Of the noise.
        first_frame: Where the mel begins, for the noise.
        semitones: By which F0 is shifted.
    """

    def __init__(
        self, network: HarmonicGenerator, *, seed: int = 0, first_frame: int = 0, semitones: float = 0.0
    ) -> None:
        self._network, self._seed, self._first_frame = network, seed, first_frame
        self._factor = np.float32(2 ** (semitones / 12))
        self._context = synthesis_context_frames(network.config, network.spec)
        self._pitch, self._excitation = MelPitch(network), Excitation(network.spec)
        self._read: Floats = np.zeros(0, dtype=np.float32)
        self._mel: Floats = np.zeros((network.spec.n_mels, 0), dtype=np.float32)
        self._first = 0
        self._done = 0

    def render(self, mel: Floats, f0_hz: Floats | None = None, *, last: bool = False) -> Floats:
        """The samples that can be known now, (whole frames * hop_samples,); with `last` all that are left.

        Args:
            mel: The next frames, (n_mels, frames).
            f0_hz: Their F0, (frames,), 0 where unvoiced; None: read from the mel.
            last: Whether no frames come after.
        """
        self._mel = np.concatenate([self._mel, mel], axis=1)
        f0 = self._pitch.extend(mel, last) if f0_hz is None else f0_hz
        self._read = np.concatenate([self._read, f0])
        self._excitation.extend(f0 * self._factor, last)
        ready = self._excitation.ready if last else self._excitation.ready - self._context
        if ready <= self._done:
            return np.zeros(0, dtype=np.float32)
        samples = self._rendered(self._done, ready)
        self._done = ready
        self._forget(max(0, ready - self._context))
        return samples

    def _rendered(self, start: int, stop: int) -> Floats:
        spec, hop = self._network.spec, self._network.spec.hop_samples
        low, high = max(0, start - self._context), min(self._excitation.ready, stop + self._context)
        noise = gaussian(self._seed, (self._first_frame + low) * hop, (high - low) * hop)
        here = slice(low - self._first, high - self._first)
        mel, f0 = np.ascontiguousarray(self._mel[:, here]), np.ascontiguousarray(self._read[here])
        with torch.inference_mode():
            filters = self._network.filters(torch.from_numpy(mel)[None], torch.from_numpy(f0)[None])
            pulses = self._excitation.pulses(low, high)
            audio = self._network.audio(filters, pulses, torch.from_numpy(noise)[None])[0].numpy()
        assert audio.size == (high - low) * spec.hop_samples
        return audio[(start - low) * hop : (stop - low) * hop]  # type: ignore[no-any-return]

    def _forget(self, before: int) -> None:
        self._excitation.forget(before)
        self._mel, self._read = self._mel[:, before - self._first :], self._read[before - self._first :]
        self._first = before
