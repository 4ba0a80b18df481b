"""HiFi-GAN: what the plugin offers."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files

from vocolab.plugins.hookspecs import hookimpl
from vocolab.plugins.specs import VocoderSpec, VoiceSource


@hookimpl
def vocolab_vocoders() -> Iterable[VocoderSpec]:
    """HiFi-GAN V1, V2, V3 and iSTFTNet."""
    yield VocoderSpec(
        name="hifigan",
        summary="HiFi-GAN (2020) in any configuration, with or without the iSTFT head of iSTFTNet",
        target="vocolab_hifigan.vocoder:HifiGan",
        recogniser="vocolab_hifigan.convert:recognise",
        converter="vocolab_hifigan.convert:convert",
        trainer="vocolab_hifigan.training:build",
        recipes=files("vocolab_hifigan") / "recipes",
        exporter="vocolab_hifigan.export:export",
        engine_graph="vocolab_hifigan.export:engine_graph",
        runner="vocolab_hifigan.graph_vocoder:GraphHifiGan",
        plain="vocolab_hifigan.vocoder:build_generator",
        untrained="vocolab_hifigan.published:untrained",
        sizes="vocolab_hifigan.sizes:sizes",
    )


@hookimpl
def vocolab_voices() -> Iterable[VoiceSource]:
    """The voices inside."""
    yield VoiceSource(
        name="hifigan-22k",
        model="hifigan",
        summary="Female US English, 22.05 kHz, V2-sized with an iSTFT head",
        file=files("vocolab_hifigan") / "voices" / "hifigan-22k.safetensors",
        rank=10,
    )
    yield VoiceSource(
        name="hifigan-v2",
        model="hifigan",
        summary="Female US English, 22.05 kHz, HiFi-GAN V2 as published",
        file=files("vocolab_hifigan") / "voices" / "hifigan-v2.safetensors",
        rank=1,
    )
    yield VoiceSource(
        name="hifigan-48k",
        model="hifigan",
        summary="Female US English, 48 kHz, full band, 1.1 M parameters",
        file=files("vocolab_hifigan") / "voices" / "hifigan-48k.safetensors",
        rank=5,
    )
