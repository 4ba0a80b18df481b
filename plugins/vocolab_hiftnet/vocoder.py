"""HiFTNet and HiFT as vocoders: numpy mel in, numpy audio out."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from vocolab.errors import NoVoice
from vocolab.mels.spec import MelSpec
from vocolab.networks.generators import generator_of
from vocolab.networks.vocoder import RunsNetwork
from vocolab.options import Options
from vocolab.voice import Voice
from vocolab_hiftnet.config import HiftConfig, config_problems
from vocolab_hiftnet.generator import HiftGenerator
from vocolab_hiftnet.source import JoinedHarmonics
from vocolab_nsf_hifigan.source import Cycles, HeldHarmonics, Source
from vocolab_nsf_hifigan.stream import SourcedStream

Floats = NDArray[np.float32]


class Hift(RunsNetwork):
    """A HiFTNet voice, ready to render. F0 is given, or read from the mel by the network in the voice.

    That network hears all of a mel, so without F0 a stream gives its audio at the end.
    """

    def __init__(self, options: Options, voice: Voice | None, mel_spec: MelSpec | None = None) -> None:
        if voice is None:
            raise NoVoice("hiftnet needs trained weights, and none were given")
        generator = build_generator(voice)
        super().__init__(generator, generator.spec, generator.context_frames)

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
        return SourcedStream(self.run, self.merged, source, self.f0_hz, context_frames=self.context_frames,
                             steps=hop, hop=hop)

    def _tensor(self, values: Floats) -> torch.Tensor:
        return torch.from_numpy(np.ascontiguousarray(values))[None].to(self.execution.device)


def build_generator(voice: Voice) -> HiftGenerator:
    """The generator that a voice's config describes, with its weights.

    Raises:
        CheckpointError: if the config doesn't fit the mels or the weights.
    """
    return generator_of(voice, HiftConfig, config_problems, HiftGenerator, "a HiFTNet")
