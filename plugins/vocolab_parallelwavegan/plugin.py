"""Parallel WaveGAN: what the plugin offers."""

from __future__ import annotations

from collections.abc import Iterable

from vocolab.plugins.hookspecs import hookimpl
from vocolab.plugins.specs import VocoderInput, VocoderSpec


@hookimpl
def vocolab_vocoders() -> Iterable[VocoderSpec]:
    """Parallel WaveGAN in any configuration."""
    yield VocoderSpec(
        name="parallelwavegan",
        summary="Parallel WaveGAN (2020): white noise to speech in one pass, from its published checkpoints",
        target="vocolab_parallelwavegan.vocoder:ParallelWaveGan",
        recogniser="vocolab_parallelwavegan.convert:recognise",
        converter="vocolab_parallelwavegan.convert:convert",
        exporter="vocolab_parallelwavegan.export:export",
        sizes="vocolab_parallelwavegan.sizes:sizes",
        inputs=(VocoderInput("noise", "sample", "white noise of unit variance; else drawn from the seed"),),
    )
