"""HiFTNet and HiFT as vocoders: numpy mel in, numpy audio out."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from vocolab.errors import CheckpointError, NoVoice
from vocolab.errors.problems import problems_text
from vocolab.mels.spec import MelSpec
from vocolab.networks.execution import TorchExecution
from vocolab.networks.weights import filled
from vocolab.options import Options
from vocolab.voice import Voice
from vocolab_hiftnet.config import HiftConfig, config_problems
from vocolab_hiftnet.generator import HiftGenerator
from vocolab_hiftnet.source import JoinedHarmonics
from vocolab_nsf_hifigan.source import Cycles, HeldHarmonics, Source
from vocolab_nsf_hifigan.stream import SourcedStream

Floats = NDArray[np.float32]


class Hift:
    """A HiFTNet voice, ready to render. F0 is given, or read from the mel by the network in the voice.

    That network hears all of a mel, so without F0 a stream gives its audio at the end.
    """

    def __init__(self, options: Options, voice: Voice | None, mel_spec: MelSpec | None = None) -> None:
        if voice is None:
            raise NoVoice("hiftnet needs trained weights, and none were given")
        self.network = build_generator(voice)
        self.execution = TorchExecution(self.network)
        self.mel_spec, self.context_frames = self.network.spec, self.network.context_frames

    def to(self, device: str) -> None:
        """Run on that device from now on; mels and audio stay NumPy arrays."""
        self.execution.to(device)

    def open(self, seed: int = 0) -> SourcedStream:
        """A rendering of one mel in parts."""
        return self._stream(self.source(seed))

    def render(
        self, mel: Floats, *, first_frame: int = 0, seed: int = 0, f0_hz: Floats | None = None,
        noise: Floats | None = None, source: Floats | None = None,
    ) -> Floats:
        """Audio of (frames * hop_samples,) for a mel of (n_mels, frames).

        `f0_hz` (frames,) takes the place of the network's own, `noise` (harmonics, frames * hop_samples) of what the
        source is made with, `source` (frames * hop_samples,) of both. The phase begins with this mel; `open` is what
        carries it on.
        """
        stream = self._stream(self.source(seed, first_frame=first_frame))
        parts = [stream.push(mel, f0_hz=f0_hz, noise=noise, source=source), stream.finish()]
        return np.concatenate(parts)

    def f0_hz(self, mel: Floats) -> Floats:
        """F0 in Hz (frames,) that the network in the voice reads from a mel (n_mels, frames)."""
        with torch.inference_mode():
            f0: Floats = self.network.f0_hz(self._tensor(mel))[0].cpu().numpy()
        return f0

    def source(self, seed: int, *, first_frame: int = 0, start: Cycles | None = None) -> Source:
        """What makes the sines that drive the network; `start` (harmonics,) are their first phases in cycles."""
        config, rate_hz, hop = self.network.config, self.mel_spec.sample_rate, self.mel_spec.hop_samples
        if config.source_phase == "held":
            return HeldHarmonics(rate_hz, hop, config.harmonics, seed, first_frame=first_frame, start=start,
                                 voiced_above_hz=config.voiced_above_hz)
        return JoinedHarmonics(rate_hz, hop, config.harmonics, seed, first_frame=first_frame,
                               voiced_above_hz=config.voiced_above_hz)

    def merged(self, sines: Floats) -> Floats:
        """The source (samples,) that sines (harmonics, samples) make."""
        with torch.inference_mode():
            merged: Floats = self.network.m_source(self._tensor(sines))[0].cpu().numpy()
        return merged

    def _stream(self, source: Source) -> SourcedStream:
        hop = self.mel_spec.hop_samples
        return SourcedStream(self._audio, self.merged, source, self.f0_hz, context_frames=self.context_frames,
                             steps=hop, hop=hop)

    def _audio(self, mel: Floats, source: Floats) -> Floats:
        (audio,) = self.execution(mel[None], source[None])
        samples: Floats = audio[0]
        return samples

    def _tensor(self, values: Floats) -> torch.Tensor:
        return torch.from_numpy(np.ascontiguousarray(values))[None].to(self.execution.device)


def build_generator(voice: Voice) -> HiftGenerator:
    """The generator that a voice's config describes, with its weights.

    Raises:
        CheckpointError: if the config doesn't fit the mels or the weights.
    """
    spec = voice.mel_spec
    if spec is None:
        raise CheckpointError("the voice states no mel convention, and a vocoder has one")
    if problems := config_problems(voice.config, spec.hop_samples):
        raise CheckpointError(f"the config does not describe a HiFTNet: {problems_text(problems)}")
    config = HiftConfig.model_validate(voice.config)
    return filled(lambda: HiftGenerator(config, spec), voice.float32(), "the checkpoint")
