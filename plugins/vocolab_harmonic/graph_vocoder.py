"""Harmonic plus noise on a compiled graph, without torch."""

from __future__ import annotations

from vocolab.engines.interfaces import Program
from vocolab.options import make_options
from vocolab.voice import Voice
from vocolab_harmonic.config import HarmonicConfig
from vocolab_harmonic.options import HarmonicOptions
from vocolab_harmonic.pitch_reader import PitchReader
from vocolab_harmonic.rendering import RendersHarmonics


class GraphHarmonic(RendersHarmonics):
    """A harmonic-plus-noise voice whose filters and sources meet in a graph."""

    def __init__(self, options: HarmonicOptions, voice: Voice, program: Program) -> None:
        config = make_options(HarmonicConfig, voice.config, "harmonic config")
        super().__init__(options, config, PitchReader.of(voice), program.execution)
