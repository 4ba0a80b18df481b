"""What the package offers."""

from __future__ import annotations

from vocolab import SynthesizerSpec, hookimpl


@hookimpl
def vocolab_synthesizers():
    yield SynthesizerSpec(
        name="chant", summary="A note a letter", target="vocolab_chant.synthesizer:Chant", needs_voice=False
    )
