"""What renders by pulses and noise, whatever executes the network."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.networks.interfaces import Execution
from vocolab_harmonic.config import HarmonicConfig
from vocolab_harmonic.mel_pitch import MelPitch
from vocolab_harmonic.options import HarmonicOptions
from vocolab_harmonic.pitch_reader import PitchReader
from vocolab_harmonic.sizes import ahead_frames, context_frames
from vocolab_harmonic.stream import HarmonicStream, Steps


class RendersHarmonics:
    """A `StreamedVocoder`.

    Args:
        options: Of a rendering.
        config: Of the voice.
        pitch: Reads F0 from mels of the voice's convention.
        execution: Mel, F0, pulses and noise to audio, see `stream.HarmonicStream`.
    """

    late_frames = 0
    """Which the core sets: F0 of a stream's first chunk is read at once."""

    def __init__(
        self, options: HarmonicOptions, config: HarmonicConfig, pitch: PitchReader, execution: Execution
    ) -> None:
        self.options, self.pitch, self.execution = options, pitch, execution
        self.mel_spec, self._config = pitch.spec, config
        self.context_frames = context_frames(config, self.mel_spec)
        self.ahead_frames = ahead_frames(config, self.mel_spec)

    @property
    def keeps_mel(self) -> bool:
        """Whether what comes out is meant to have the mel: not with another pitch."""
        return self.options.pitch_semitones == 0 and not self.options.new_pitch

    def open(self, seed: int = 0) -> HarmonicStream:
        """A rendering of one mel in parts."""
        return self._stream(seed, 0, self._steps())

    def render(
        self, mel: NDArray[np.float32], *, first_frame: int = 0, seed: int = 0, **inputs: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Audio of (frames * hop_samples,) for a mel of (n_mels, frames); `inputs` are `f0_hz` and `noise`.

        The pulses' phase begins with this mel, whatever `first_frame` is; `open` is what carries it on.
        """
        stream = self._stream(seed, first_frame, self._steps())
        return np.concatenate([stream.push(mel, **inputs), stream.finish()])

    def _stream(self, seed: int, first_frame: int, steps: Steps | None) -> HarmonicStream:
        return HarmonicStream(
            self.execution, MelPitch(self.pitch, self.late_frames), self._config, seed=seed, first_frame=first_frame,
            options=self.options, steps=steps,
        )

    def _steps(self) -> Steps | None:
        """What does the execution's work frame after frame; None where it can't be done so."""
        return None
