"""HiFTNet and HiFT: what the plugin offers."""

from __future__ import annotations

from collections.abc import Iterable

from vocolab.plugins.hookspecs import hookimpl
from vocolab.plugins.specs import F0_INPUT, VocoderInput, VocoderSpec

_INPUTS = (
    F0_INPUT,
    VocoderInput("source", "sample", "what drives the network, -1 to 1; else made of F0"),
    VocoderInput("noise", "sample", "white noise of unit variance, a row a harmonic; else of the seed"),
)


@hookimpl
def vocolab_vocoders() -> Iterable[VocoderSpec]:
    """HiFTNet, and its offspring in CosyVoice."""
    yield VocoderSpec(
        name="hiftnet",
        summary="HiFTNet (2023): harmonics of F0 and an inverse STFT, F0 network inside; from its published "
                "checkpoints",
        target="vocolab_hiftnet.vocoder:Hift",
        recogniser="vocolab_hiftnet.convert:recognise",
        converter="vocolab_hiftnet.convert:convert",
        sizes="vocolab_hiftnet.sizes:sizes",
        inputs=_INPUTS,
    )
    yield VocoderSpec(
        name="hift",
        summary="HiFT, the vocoder of CosyVoice 1 and 2, from their published checkpoints",
        target="vocolab_hiftnet.vocoder:Hift",
        recogniser="vocolab_hiftnet.convert:recognise_hift",
        converter="vocolab_hiftnet.convert:convert_hift",
        sizes="vocolab_hiftnet.sizes:sizes",
        inputs=_INPUTS,
    )
