"""NSF-HiFi-GAN: what the plugin offers."""

from __future__ import annotations

from collections.abc import Iterable

from vocolab.plugins.hookspecs import hookimpl
from vocolab.plugins.specs import F0_INPUT, VocoderInput, VocoderSpec


@hookimpl
def vocolab_vocoders() -> Iterable[VocoderSpec]:
    """NSF-HiFi-GAN with harmonics, and with one sine."""
    yield VocoderSpec(
        name="nsf-hifigan",
        summary="NSF-HiFi-GAN for singing: HiFi-GAN driven by harmonics of F0, from its published checkpoints",
        target="vocolab_nsf_hifigan.vocoder:NsfHifiGan",
        recogniser="vocolab_nsf_hifigan.convert:recognise",
        converter="vocolab_nsf_hifigan.convert:convert",
        exporter="vocolab_nsf_hifigan.export:export",
        sizes="vocolab_nsf_hifigan.sizes:sizes",
        inputs=(
            F0_INPUT,
            VocoderInput("source", "sample", "what drives the network, -1 to 1; else made of F0"),
            VocoderInput("noise", "sample", "white noise of unit variance, a row a harmonic; else of the seed"),
        ),
    )
    yield VocoderSpec(
        name="pc-nsf-hifigan",
        summary="pc-NSF-HiFi-GAN for singing, driven by one sine, so that F0 can be moved; from its published "
                "checkpoints",
        target="vocolab_nsf_hifigan.vocoder:NsfHifiGan",
        recogniser="vocolab_nsf_hifigan.convert:recognise_pc",
        converter="vocolab_nsf_hifigan.convert:convert_pc",
        exporter="vocolab_nsf_hifigan.export:export",
        sizes="vocolab_nsf_hifigan.sizes:sizes",
        inputs=(F0_INPUT, VocoderInput("source", "frame", "the sine, 64 values a frame; else made of F0")),
    )
