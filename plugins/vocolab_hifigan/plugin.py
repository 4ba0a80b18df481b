"""HiFi-GAN: what the plugin offers."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files

from vocolab.hookspecs import hookimpl
from vocolab.specs import VocoderSpec, VoiceSource


@hookimpl
def vocolab_vocoders() -> Iterable[VocoderSpec]:
    """HiFi-GAN V1, V2, V3 and iSTFTNet."""
    yield VocoderSpec(
        name="hifigan",
        summary="HiFi-GAN (2020) in any configuration, with or without the iSTFT head of iSTFTNet",
        target="vocolab_hifigan.vocoder:HifiGan",
        converter="vocolab_hifigan.convert:convert",
        trainer="vocolab_hifigan.training:build",
    )


@hookimpl
def vocolab_voices() -> Iterable[VoiceSource]:
    """The voice inside."""
    yield VoiceSource(
        name="hifigan-22k",
        vocoder="hifigan",
        summary="Female US English, 22.05 kHz, V2-sized with an iSTFT head",
        file=files("vocolab_hifigan") / "voices" / "hifigan-22k.safetensors",
        rank=10,
    )
