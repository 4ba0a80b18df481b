"""What vocolab-hibari adds to vocolab. Keep it light: it is imported to list what is installed."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field
from vocolab import Options, SynthesizerSpec, hookimpl

vocolab_interface = 1


class HibariOptions(Options):
    """What the synthesizer can be told."""

    speed: float = Field(1.0, ge=0.5, le=2.0, description="Multiple of the voice's own pace, 0.5 to 2.")


@hookimpl
def vocolab_synthesizers() -> Iterable[SynthesizerSpec]:
    """The synthesizers of this package."""
    yield SynthesizerSpec(
        name="hibari",
        summary="English by hibari-tts, a complete text-to-speech package",
        target="vocolab_hibari.synthesizer:Hibari",
        options=HibariOptions,
        needs_voice=False,
    )
