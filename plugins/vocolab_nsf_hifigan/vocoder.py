"""NSF-HiFi-GAN as a vocoder: numpy mel and F0 in, numpy audio out."""

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
from vocolab_nsf_hifigan.config import NsfHifiGanConfig, config_problems
from vocolab_nsf_hifigan.generator import NsfHifiGanGenerator
from vocolab_nsf_hifigan.mel_pitch import f0_reader
from vocolab_nsf_hifigan.source import Cycles, GlidingSine, HeldHarmonics, Source
from vocolab_nsf_hifigan.stream import SourcedStream

Floats = NDArray[np.float32]


class NsfHifiGan(RunsNetwork):
    """An NSF-HiFi-GAN voice, ready to render. F0 comes with the mel, or is read from it as `harmonic-22k` does."""

    def __init__(self, options: Options, voice: Voice | None, mel_spec: MelSpec | None = None) -> None:
        if voice is None:
            raise NoVoice("nsf-hifigan needs trained weights, and none were given")
        generator = build_generator(voice)
        super().__init__(generator, generator.spec, generator.context_frames)

    def open(self, seed: int = 0) -> SourcedStream:
        """A rendering of one mel in parts."""
        return self._stream(self.source(seed))

    def render(
        self, mel: Floats, *, first_frame: int = 0, seed: int = 0, f0_hz: Floats | None = None,
        noise: Floats | None = None, source: Floats | None = None,
    ) -> Floats:
        """Audio of (frames * hop_samples,) for a mel of (n_mels, frames) and its F0.

        `source` (frames * steps,) is what drives the network, in place of F0; `noise` is what the source is made with,
        (harmonics, frames * hop_samples). The phase begins with this mel; `open` is what carries it on.

        Raises:
            CallError: if there is neither F0 nor source, and F0 can't be read from mels of this convention.
        """
        stream = self._stream(self.source(seed, first_frame=first_frame))
        if source is not None and source.ndim == 2:  # steps a frame, as an input per frame is handed over
            source = source.T.ravel()
        given = {"f0_hz": f0_hz, "noise": noise, "source": source}
        return np.concatenate([stream.push(mel, **given), stream.finish()])

    def source(self, seed: int, *, first_frame: int = 0, start: Cycles | None = None) -> Source:
        """What makes the sines that drive the network; `start` (harmonics,) are their first phases in cycles."""
        config, rate_hz, hop = self.network.config, self.mel_spec.sample_rate, self.mel_spec.hop_samples
        steps = config.source_steps
        if config.mini_nsf:
            return GlidingSine(rate_hz * steps / hop, steps)
        return HeldHarmonics(rate_hz, steps, config.harmonics, seed, first_frame=first_frame, start=start)

    def merged(self, sines: Floats) -> Floats:
        """The source (steps,) that sines (harmonics, steps) make."""
        if self.network.config.mini_nsf:
            return sines[0]
        with torch.inference_mode():
            merged = self.network.m_source(torch.from_numpy(sines)[None].to(self.execution.device))[0]
        source: Floats = merged.cpu().numpy()
        return source

    def _stream(self, source: Source) -> SourcedStream:
        return SourcedStream(
            self.run, self.merged, source, f0_reader(self.mel_spec), context_frames=self.context_frames,
            steps=self.network.config.source_steps, hop=self.mel_spec.hop_samples,
        )


def build_generator(voice: Voice) -> NsfHifiGanGenerator:
    """The generator that a voice's config describes, with its weights.

    Raises:
        CheckpointError: if the config doesn't fit the mels or the weights.
    """
    return generator_of(voice, NsfHifiGanConfig, config_problems, NsfHifiGanGenerator, "an NSF-HiFi-GAN")
