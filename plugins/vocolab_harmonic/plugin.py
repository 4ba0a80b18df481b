"""Harmonic plus noise: what the plugin offers."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files

from vocolab.plugins.hookspecs import hookimpl
from vocolab.plugins.specs import F0_INPUT, VocoderInput, VocoderSpec, VoiceSource
from vocolab_harmonic.options import HarmonicOptions


@hookimpl
def vocolab_vocoders() -> Iterable[VocoderSpec]:
    """Pulses of F0 and noise, filtered by a network at the frame rate."""
    yield VocoderSpec(
        name="harmonic",
        summary="Harmonic plus noise: pulses of F0 and noise by construction, filtered by a ConvNeXt at the frame rate",
        target="vocolab_harmonic.vocoder:Harmonic",
        options=HarmonicOptions,
        inputs=(F0_INPUT, VocoderInput("noise", "sample", "white noise of unit variance; else that of the seed")),
        trainer="vocolab_harmonic.training:build",
        recipes=files("vocolab_harmonic") / "recipes",
        exporter="vocolab_harmonic.export:export",
        engine_graph="vocolab_harmonic.export:engine_graph",
        runner="vocolab_harmonic.graph_vocoder:GraphHarmonic",
        sizes="vocolab_harmonic.sizes:sizes",
    )


@hookimpl
def vocolab_voices() -> Iterable[VoiceSource]:
    """The voices inside."""
    yield VoiceSource(
        name="harmonic-22k",
        model="harmonic",
        summary="Any speaker, 22.05 kHz, 4.3 M parameters",
        file=files("vocolab_harmonic") / "voices" / "harmonic-22k.safetensors",
        rank=30,
    )
    yield VoiceSource(
        name="harmonic-48k",
        model="harmonic",
        summary="Any speaker, 48 kHz, full band, 4.8 M parameters",
        file=files("vocolab_harmonic") / "voices" / "harmonic-48k.safetensors",
        rank=25,
    )
