"""UnivNet: what the plugin offers."""

from __future__ import annotations

from collections.abc import Iterable

from vocolab.plugins.hookspecs import hookimpl
from vocolab.plugins.specs import VocoderInput, VocoderSpec


@hookimpl
def vocolab_vocoders() -> Iterable[VocoderSpec]:
    """UnivNet, c16 and c32."""
    yield VocoderSpec(
        name="univnet",
        summary="UnivNet (2021): noise through convolutions that the mel predicts, from its published checkpoints",
        target="vocolab_univnet.vocoder:UnivNet",
        recogniser="vocolab_univnet.convert:recognise",
        converter="vocolab_univnet.convert:convert",
        exporter="vocolab_univnet.export:export",
        sizes="vocolab_univnet.sizes:sizes",
        inputs=(VocoderInput("noise", "frame", "white noise of unit variance, 64 numbers a frame; else of the seed"),),
    )
