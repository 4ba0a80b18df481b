"""The catalog: everything that is installed, by name. Built once a command; nothing heavy is imported by it."""

from __future__ import annotations

import os

from vocolab.catalog.components import DetectorRegistry, EffectRegistry, Registry
from vocolab.catalog.conventions import ConventionRegistry
from vocolab.catalog.languages import LanguageRegistry
from vocolab.catalog.models import AcousticModelRegistry, ModelRegistry, SynthesizerRegistry, VocoderRegistry
from vocolab.catalog.presets import PresetFile, PresetRegistry
from vocolab.catalog.recipes import RecipeRegistry
from vocolab.catalog.voices import VoiceRegistry
from vocolab.configuration import config
from vocolab.plugins.host import Entry, PluginHost
from vocolab.plugins.specs import CommandSpec, EngineSpec, VoiceSource

__all__ = ["Catalog", "PresetFile", "Registry"]


class Catalog:
    """All that the plugins of a host offer.

    `models` holds whatever has trained weights; `vocoders`, `acoustic_models` and `synthesizers` are the parts of it
    that the core can use. `languages`, `effects`, `detectors`, `engines`, `voices`, `presets`, `recipes`,
    `mel_conventions` and `commands` are registries too; `host` has the records of the plugins. Collecting happens when
    a registry is first asked.
    """

    def __init__(self, host: PluginHost) -> None:
        self.host = host
        self.models = ModelRegistry(host)
        self.vocoders = VocoderRegistry(host)
        self.acoustic_models = AcousticModelRegistry(host)
        self.synthesizers = SynthesizerRegistry(host)
        self.languages = LanguageRegistry(host)
        self.effects = EffectRegistry(host)
        self.detectors = DetectorRegistry(host)
        self.engines = Registry(host, "engine", "vocolab_engines", EngineSpec)
        self.commands = Registry(host, "command", "vocolab_commands", CommandSpec)
        self.voices = VoiceRegistry(host, self.models)
        self.presets = PresetRegistry(host)
        self.recipes = RecipeRegistry(host, self.models)
        self.mel_conventions = ConventionRegistry(host)

    @classmethod
    def installed(cls, *, no_plugins: bool = False) -> Catalog:
        """The plugins that are installed in this environment.

        `VOCOLAB_PLUGINS=a,b` lets only these load beside the built-in ones, and an empty value none, as `no_plugins`
        does. What the user's configuration switches off does not load either, unless `no_plugins` leaves the
        configuration aside. `VOCOLAB_STRICT=1` raises a plugin's failure instead of noting it.

        Raises:
            CallError: if the configuration can't be used.
        """
        off = frozenset() if no_plugins else config().plugins_off
        first = () if no_plugins else config().plugins_first
        strict = os.environ.get("VOCOLAB_STRICT", "") not in ("", "0")
        return cls(PluginHost(allow=_allowed(no_plugins), off=off, first=first, strict=strict))

    def collect_all(self, dist: str = "") -> None:
        """Call every hook of every plugin, or of those of one distribution, so that the records are complete."""
        for registry in (self.models, self.languages, self.effects, self.detectors, self.engines, self.commands,
                         self.voices, self.presets, self.mel_conventions):
            registry.entries(dist)

    def default_voice(self, model: str) -> Entry[VoiceSource] | None:
        """The voice of the highest rank for a model, None if there is none."""
        voices = self.voices.of(model)
        return voices[0] if voices else None


def _allowed(no_plugins: bool) -> frozenset[str] | None:
    listed = os.environ.get("VOCOLAB_PLUGINS")
    if no_plugins or listed is None:
        return frozenset() if no_plugins else None
    return frozenset(name.strip() for name in listed.split(",") if name.strip())
