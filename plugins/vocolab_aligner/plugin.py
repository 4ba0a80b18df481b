"""The aligner: what the plugin offers."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files

from vocolab.plugins.hookspecs import hookimpl
from vocolab.plugins.specs import ModelSpec, VoiceSource


@hookimpl
def vocolab_models() -> Iterable[ModelSpec]:
    """A learned aligner."""
    yield ModelSpec(
        name="aligner",
        kind="aligner",
        summary="Recordings and their texts: when each sound is said, learned without any alignment",
        target="vocolab_aligner.aligner:Aligner",
        trainer="vocolab_aligner.training:build",
        recipes=files("vocolab_aligner") / "recipes",
    )


@hookimpl
def vocolab_voices() -> Iterable[VoiceSource]:
    """The weights inside."""
    yield VoiceSource(
        name="aligner-22k",
        model="aligner",
        summary="English of any speaker, mels at 22.05 kHz, 0.2 M parameters",
        file=files("vocolab_aligner") / "voices" / "aligner-22k.safetensors",
    )
