"""MelGAN: what the plugin offers."""

from __future__ import annotations

from collections.abc import Iterable

from vocolab.plugins.hookspecs import hookimpl
from vocolab.plugins.specs import VocoderSpec


@hookimpl
def vocolab_vocoders() -> Iterable[VocoderSpec]:
    """MelGAN with one band or several."""
    yield VocoderSpec(
        name="melgan",
        summary="MelGAN (2019) and multi-band MelGAN (2020), from their published checkpoints",
        target="vocolab_melgan.vocoder:MelGan",
        recogniser="vocolab_melgan.convert:recognise",
        converter="vocolab_melgan.convert:convert",
        exporter="vocolab_melgan.export:export",
        sizes="vocolab_melgan.sizes:sizes",
    )
