"""WaveGlow: what the plugin offers."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files

from vocolab.plugins.hookspecs import hookimpl
from vocolab.plugins.specs import VocoderInput, VocoderSpec, VoiceSource
from vocolab_waveglow.options import WaveGlowOptions


@hookimpl
def vocolab_vocoders() -> Iterable[VocoderSpec]:
    """WaveGlow in any configuration."""
    yield VocoderSpec(
        name="waveglow",
        summary="WaveGlow (2018): a flow from white noise to speech; the published size is far too slow for a CPU",
        target="vocolab_waveglow.vocoder:WaveGlowVocoder",
        options=WaveGlowOptions,
        recogniser="vocolab_waveglow.convert:recognise",
        converter="vocolab_waveglow.convert:convert",
        trainer="vocolab_waveglow.training:build",
        recipes=files("vocolab_waveglow") / "recipes",
        exporter="vocolab_waveglow.export:export",
        sizes="vocolab_waveglow.sizes:sizes",
        inputs=(VocoderInput("latent", "sample", "what the flow starts from; else noise times sigma"),),
    )


@hookimpl
def vocolab_voices() -> Iterable[VoiceSource]:
    """The voice inside."""
    yield VoiceSource(
        name="waveglow-22k",
        model="waveglow",
        summary="Female US English, 22.05 kHz, 4.5 M parameters",
        file=files("vocolab_waveglow") / "voices" / "waveglow-22k.safetensors",
        rank=4,
    )
