"""The hooks of vocolab: what a plugin module may define.

Import nothing heavy in a plugin module. Hooks are called when a command needs to know what there is; what a spec
names in `target` is imported when it is first used.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from vocolab.plugins.specs import (
        AcousticModelSpec,
        CommandSpec,
        DetectorSpec,
        EffectSpec,
        EngineSpec,
        LanguageSpec,
        MelConventionSource,
        ModelSpec,
        PresetSource,
        SynthesizerSpec,
        VocoderSpec,
        VoiceSource,
    )

GROUP = "vocolab"
"""The entry-point group, and the project name that pluggy knows."""

INTERFACE_VERSION = 1
"""The version of the plugin interface: what docs/plugins.md promises. A package states it as `interface` of its
manifest, or as `vocolab_interface` of its plugin module."""

hookspec = pluggy.HookspecMarker(GROUP)
hookimpl = pluggy.HookimplMarker(GROUP)


@hookspec
def vocolab_vocoders() -> Iterable[VocoderSpec]:  # type: ignore[empty-body]
    """Describe vocoders: mel spectrogram in, audio out."""


@hookspec
def vocolab_acoustic_models() -> Iterable[AcousticModelSpec]:  # type: ignore[empty-body]
    """Describe acoustic models: a sentence in, mel spectrogram out."""


@hookspec
def vocolab_synthesizers() -> Iterable[SynthesizerSpec]:  # type: ignore[empty-body]
    """Describe complete text-to-speech systems: a sentence in, audio and the times of its words out."""


@hookspec
def vocolab_models() -> Iterable[ModelSpec]:  # type: ignore[empty-body]
    """Describe models of other kinds: aligners, pitch predictors, whatever has trained weights."""


@hookspec
def vocolab_languages() -> Iterable[LanguageSpec]:  # type: ignore[empty-body]
    """Describe languages: writing in, words and sounds out."""


@hookspec
def vocolab_effects() -> Iterable[EffectSpec]:  # type: ignore[empty-body]
    """Describe effects: audio in, audio out."""


@hookspec
def vocolab_detectors() -> Iterable[DetectorSpec]:  # type: ignore[empty-body]
    """Describe detectors: a recording in, what is wrong with it out."""


@hookspec
def vocolab_engines() -> Iterable[EngineSpec]:  # type: ignore[empty-body]
    """Describe engines: what executes networks."""


@hookspec
def vocolab_voices() -> Iterable[VoiceSource]:  # type: ignore[empty-body]
    """Describe trained voices, one safetensors file each, for models of any kind."""


@hookspec
def vocolab_presets() -> Iterable[PresetSource]:  # type: ignore[empty-body]
    """Name folders of preset files."""


@hookspec
def vocolab_mel_conventions() -> Iterable[MelConventionSource]:  # type: ignore[empty-body]
    """Name folders of mel conventions."""


@hookspec
def vocolab_commands() -> Iterable[CommandSpec]:  # type: ignore[empty-body]
    """Describe commands for the `vocolab` command line."""
