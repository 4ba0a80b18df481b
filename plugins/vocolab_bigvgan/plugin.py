"""BigVGAN: what the plugin offers."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files

from vocolab.plugins.hookspecs import hookimpl
from vocolab.plugins.specs import VocoderSpec


@hookimpl
def vocolab_vocoders() -> Iterable[VocoderSpec]:
    """BigVGAN v1 and v2 of any size."""
    yield VocoderSpec(
        name="bigvgan",
        summary="BigVGAN v1 and v2 (2022) in any configuration: anti-aliased periodic activations",
        target="vocolab_bigvgan.vocoder:BigVgan",
        recogniser="vocolab_bigvgan.convert:recognise",
        converter="vocolab_bigvgan.convert:convert",
        exporter="vocolab_bigvgan.export:export",
        runner="vocolab.engines.waveform:GraphVocoder",
        own_class_first=True,
        plain="vocolab_bigvgan.vocoder:build_generator",
        untrained="vocolab_bigvgan.published:untrained",
        trainer="vocolab_bigvgan.training:build",
        recipes=files("vocolab_bigvgan") / "recipes",
        sizes="vocolab_bigvgan.sizes:sizes",
    )
