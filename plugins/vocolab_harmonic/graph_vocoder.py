"""Harmonic plus noise on a compiled graph, without torch."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vocolab.engines.interfaces import Program
from vocolab.engines.spectrum import as_complex
from vocolab.mels.spec import MelSpec
from vocolab.networks.interfaces import Execution
from vocolab.options import make_options
from vocolab.spectral.frames import Frames
from vocolab.spectral.transform import Block, Transform
from vocolab.voice import Voice
from vocolab_harmonic.array_steps import ArrayFilters, ArraySteps
from vocolab_harmonic.config import HarmonicConfig
from vocolab_harmonic.options import HarmonicOptions
from vocolab_harmonic.pitch_reader import PitchReader
from vocolab_harmonic.rendering import RendersHarmonics
from vocolab_harmonic.stream import HarmonicStream

Floats = NDArray[np.float32]


class GraphHarmonic(RendersHarmonics):
    """A harmonic-plus-noise voice whose filters are a graph's; in streams of small chunks they are NumPy's."""

    most_cached_frames = 160
    """In longer chunks the graph takes less time, its context and all."""

    def __init__(self, options: HarmonicOptions, voice: Voice, program: Program) -> None:
        config = make_options(HarmonicConfig, voice.config, "harmonic config")
        reader = PitchReader.of(voice)
        super().__init__(options, config, reader, FilteredSources(program.execution, reader.spec))
        self._voice, self._is_exact = voice, program.precision == "fp32"

    def open_cached(self, seed: int = 0) -> HarmonicStream:
        """A rendering in parts in which no frame is computed twice, where NumPy computes what the graph does."""
        return self._stream(seed, 0, ArraySteps(self._filters) if self._is_exact else None)

    @cached_property
    def _filters(self) -> ArrayFilters:
        return ArrayFilters.of(self._voice.float32(), self._config, self.mel_spec)


class FilteredSources:
    """An `Execution` of a whole voice around one of its filters.

    Args:
        filters: Mel (batch, n_mels, frames) and F0 (batch, frames) to what the spectra of both sources are multiplied
            by: (batch, frames, bins, 2), real and imaginary, for the pulses and (batch, frames, bins) for the noise.
        spec: Of the mel; the sources' frames are its own.
    """

    def __init__(self, filters: Execution, spec: MelSpec) -> None:
        self._filters, self._spec = filters, spec

    def __call__(self, *inputs: Floats) -> tuple[Floats, ...]:
        """Mel, F0, pulses and noise, both (batch, frames, hop_samples), to audio (batch, frames * hop_samples)."""
        mel, f0_hz, pulses, noise = inputs
        turned, hiss = self._filters(mel, f0_hz)
        rows = zip(as_complex(turned), hiss, pulses, noise, strict=True)
        return (np.stack([self._audio(*row) for row in rows]),)

    def to(self, device: str) -> None:
        """The filters' graph goes there; transforms stay NumPy's."""
        self._filters.to(device)

    def _audio(self, turned: NDArray[np.complex64], hiss: Floats, pulses: Floats, noise: Floats) -> Floats:
        frames = Frames.of_mel(self._spec, len(hiss))
        transform = Transform(frames, 0)
        sources = [_between_silence(frames, source.reshape(-1)) for source in (pulses, noise)]

        def mixed(block: Block) -> NDArray[np.complex64]:
            here = slice(block[0], block[1])
            spectra, whisper = (transform.analyse(source, block) for source in sources)
            spectra *= turned[here]
            whisper *= hiss[here]
            spectra += whisper
            return spectra

        return transform.signal_of(mixed)


def _between_silence(frames: Frames, source: Floats) -> Floats:
    """A source with zeros beyond its ends, (frames.samples,)."""
    whole = np.zeros(frames.samples, np.float32)
    inside = source[: frames.samples - frames.start]
    whole[frames.start : frames.start + inside.size] = inside
    return whole
