"""Vocos: what the plugin offers."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files

from vocolab.plugins.hookspecs import hookimpl
from vocolab.plugins.specs import VocoderSpec, VoiceSource


@hookimpl
def vocolab_vocoders() -> Iterable[VocoderSpec]:
    """Vocos with an inverse STFT head."""
    yield VocoderSpec(
        name="vocos",
        summary="Vocos (2023): ConvNeXt at the frame rate and an inverse STFT, the fastest on a CPU",
        target="vocolab_vocos.vocoder:Vocos",
        recogniser="vocolab_vocos.convert:recognise",
        converter="vocolab_vocos.convert:convert",
        trainer="vocolab_vocos.training:build",
        recipes=files("vocolab_vocos") / "recipes",
        exporter="vocolab_vocos.export:export",
        engine_graph="vocolab_vocos.export:engine_graph",
        runner="vocolab_vocos.graph_vocoder:GraphVocos",
        plain="vocolab_vocos.vocoder:build_generator",
        sizes="vocolab_vocos.sizes:sizes",
    )


@hookimpl
def vocolab_voices() -> Iterable[VoiceSource]:
    """The voices inside."""
    yield VoiceSource(
        name="vocos-22k",
        model="vocos",
        summary="Female US English, 22.05 kHz, 3.6 M parameters",
        file=files("vocolab_vocos") / "voices" / "vocos-22k.safetensors",
        rank=20,
    )
    yield VoiceSource(
        name="vocos-48k",
        model="vocos",
        summary="Female US English, 48 kHz, full band, 3.9 M parameters",
        file=files("vocolab_vocos") / "voices" / "vocos-48k.safetensors",
        rank=15,
    )
