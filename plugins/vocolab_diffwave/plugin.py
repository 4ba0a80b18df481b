"""DiffWave: what the plugin offers."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files

from vocolab.plugins.hookspecs import hookimpl
from vocolab.plugins.specs import VocoderInput, VocoderSpec, VoiceSource
from vocolab_diffwave.options import DiffWaveOptions


@hookimpl
def vocolab_vocoders() -> Iterable[VocoderSpec]:
    """DiffWave with its samplers."""
    yield VocoderSpec(
        name="diffwave",
        summary="DiffWave (2021): diffusion of the waveform, with a choice of samplers",
        target="vocolab_diffwave.vocoder:DiffWave",
        options=DiffWaveOptions,
        recogniser="vocolab_diffwave.convert:recognise",
        converter="vocolab_diffwave.convert:convert",
        sizes="vocolab_diffwave.sizes:sizes",
        inputs=(VocoderInput("noise", "sample", "a line of unit noise for each draw of the sampler; else by seed"),),
        trainer="vocolab_diffwave.training:build",
        recipes=files("vocolab_diffwave") / "recipes",
        exporter="vocolab_diffwave.export:export",
        plain="vocolab_diffwave.published:plain",
        untrained="vocolab_diffwave.published:untrained",
    )


@hookimpl
def vocolab_voices() -> Iterable[VoiceSource]:
    """The voice inside."""
    yield VoiceSource(
        name="diffwave-22k",
        model="diffwave",
        summary="Female US English, 22.05 kHz, 1.4 M parameters, 6 steps",
        file=files("vocolab_diffwave") / "voices" / "diffwave-22k.safetensors",
        rank=8,
    )
