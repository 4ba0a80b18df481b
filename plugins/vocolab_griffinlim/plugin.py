"""Griffin-Lim: what the plugin offers."""

from __future__ import annotations

from collections.abc import Iterable

from vocolab.plugins.hookspecs import hookimpl
from vocolab.plugins.specs import VocoderSpec
from vocolab_griffinlim.options import GriffinLimOptions


@hookimpl
def vocolab_vocoders() -> Iterable[VocoderSpec]:
    """Fast Griffin-Lim."""
    yield VocoderSpec(
        name="griffinlim",
        summary="Fast Griffin-Lim (2013): phases by iteration, no trained weights, for mels of any convention",
        target="vocolab_griffinlim.vocoder:GriffinLim",
        options=GriffinLimOptions,
        needs_voice=False,
        sizes="vocolab_griffinlim.sizes:sizes",
    )
