"""Harmonic plus noise as a vocoder: numpy mel in, numpy audio out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import NoVoice
from vocolab.mels.spec import MelSpec
from vocolab.networks.weights import filled
from vocolab.options import make_options
from vocolab.voice import Voice
from vocolab_harmonic.config import HarmonicConfig
from vocolab_harmonic.network import HarmonicGenerator
from vocolab_harmonic.options import HarmonicOptions
from vocolab_harmonic.sizes import context_frames
from vocolab_harmonic.stream import HarmonicStream


class Harmonic:
    """A harmonic-plus-noise voice, ready to render."""

    def __init__(self, options: HarmonicOptions, voice: Voice | None, mel_spec: MelSpec | None = None) -> None:
        if voice is None:
            raise NoVoice("harmonic renders with trained weights and none were given")
        config = make_options(HarmonicConfig, voice.config, "harmonic config")
        network = filled(lambda: HarmonicGenerator(config, voice.mel_spec), voice.float32(), "the voice")
        self.options, self.mel_spec = options, voice.mel_spec
        self.network = network.eval().requires_grad_(False)
        self.context_frames = context_frames(config, voice.mel_spec)

    def to(self, device: str) -> None:
        """Run on that device from now on; mels and audio stay NumPy arrays, and pulses are made on the CPU."""
        self.network.to(device)

    @property
    def keeps_mel(self) -> bool:
        """Whether what comes out is meant to have the mel: not with another pitch."""
        return self.options.pitch_semitones == 0 and not self.options.new_pitch

    def open(self, seed: int = 0) -> HarmonicStream:
        """A rendering of one mel in parts."""
        return self._stream(seed, 0)

    def render(
        self, mel: NDArray[np.float32], *, first_frame: int = 0, seed: int = 0, **inputs: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Audio of (frames * hop_samples,) for a mel of (n_mels, frames); `inputs` are `f0_hz` and `noise`.

        The pulses' phase begins with this mel, whatever `first_frame` is; `open` is what carries it on.
        """
        stream = self._stream(seed, first_frame)
        return np.concatenate([stream.push(mel, **inputs), stream.finish()])

    def _stream(self, seed: int, first_frame: int) -> HarmonicStream:
        return HarmonicStream(
            self.network, seed=seed, first_frame=first_frame, semitones=self.options.pitch_semitones,
            new_pitch=self.options.new_pitch,
        )
