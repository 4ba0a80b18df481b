"""What vocolab-buzz adds to vocolab: a vocoder, an effect, a preset and a command.

It is written for version 1 of the plugin interface, and is not changed with it: what vocolab promises to packages of
that version it has to keep to this one.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files

from pydantic import Field

from vocolab import CommandSpec, EffectOptions, EffectSpec, Options, PresetSource, VocoderSpec, hookimpl

vocolab_interface = 1


class BuzzOptions(Options):
    """What the vocoder can be told."""

    level_db: float = Field(0.0, ge=-60, le=12, description="Gain of the output.")


class TremoloOptions(EffectOptions):
    """What the effect can be told."""

    rate_hz: float = Field(5.0, gt=0, le=50, description="How often the level falls and rises in a second.")
    depth: float = Field(0.5, ge=0, le=1, description="0 leaves the level alone, 1 takes it down to silence.")


@hookimpl
def vocolab_vocoders() -> Iterable[VocoderSpec]:
    """A vocoder without weights."""
    yield VocoderSpec(
        name="buzz",
        summary="Every frame with zero phase: a robot on one note, for mels of any convention",
        target="vocolab_buzz.vocoder:Buzz",
        options=BuzzOptions,
        needs_voice=False,
    )


@hookimpl
def vocolab_effects() -> Iterable[EffectSpec]:
    """A tremolo."""
    yield EffectSpec(
        name="tremolo",
        summary="Level that rises and falls",
        target="vocolab_buzz.tremolo:Tremolo",
        options=TremoloOptions,
    )


@hookimpl
def vocolab_presets() -> Iterable[PresetSource]:
    """Presets that use the tremolo."""
    yield PresetSource(folder=files("vocolab_buzz") / "presets")


@hookimpl
def vocolab_commands() -> Iterable[CommandSpec]:
    """A command of its own."""
    yield CommandSpec(name="buzz-note", summary="Print the note that buzz sings", target="vocolab_buzz.command:note")
