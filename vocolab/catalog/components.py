"""Registries of what is built by name and needs no weights: effects, detectors, and the commands of plugins."""

from __future__ import annotations

from typing import Any, TypeVar

from vocolab.catalog.guarded import guarded_class
from vocolab.catalog.registry import Named
from vocolab.guarding import running
from vocolab.interfaces import Detector, Effect
from vocolab.options import make_options
from vocolab.plugins.host import Entry, PluginHost
from vocolab.plugins.specs import CommandSpec, ComponentSpec, DetectorSpec, EffectSpec
from vocolab.plugins.targets import check_instance, load_target

S = TypeVar("S", bound="ComponentSpec | CommandSpec")


class Registry(Named[S]):
    """What is installed of one kind."""

    def __init__(self, host: PluginHost, kind: str, hook: str, spec_type: type[S]) -> None:
        super().__init__(host, kind, hook)
        self._hook, self._spec_type = hook, spec_type

    def entries(self, dist: str = "") -> list[Entry[S]]:
        """All of them, built-in ones first; or those of one distribution."""
        return list(self._host.collect(self._hook, self._spec_type, dist))


class EffectRegistry(Registry[EffectSpec]):
    """The effects."""

    def __init__(self, host: PluginHost) -> None:
        super().__init__(host, "effect", "vocolab_effects", EffectSpec)

    def that_turn_down(self) -> list[str]:
        """Names of those that turn a whole signal down."""
        return [entry.name for entry in self.entries() if entry.fact("turns_down")]

    def create(self, name: str, values: dict[str, Any] | None = None) -> Effect:
        """An effect with the options `values`.

        Raises:
            UnknownName, OptionError: if there is no such effect or option.
            PluginError: if the plugin is broken, DependencyMissing if a package is not installed.
        """
        entry = self.get(name)
        options = make_options(entry.spec.options, dict(values or {}), owner=entry.name)
        effect: Effect = build(entry, options)
        return effect


class DetectorRegistry(Registry[DetectorSpec]):
    """The detectors."""

    def __init__(self, host: PluginHost) -> None:
        super().__init__(host, "detector", "vocolab_detectors", DetectorSpec)

    def create(self, name: str, sample_rate: int, channels: int, values: dict[str, Any] | None = None) -> Detector:
        """A detector for one recording, with the options `values`.

        Raises:
            UnknownName, OptionError: if there is no such detector or option.
            PluginError: if the plugin is broken, DependencyMissing if a package is not installed.
        """
        entry = self.get(name)
        options = make_options(entry.spec.options, dict(values or {}), owner=entry.name)
        detector: Detector = build(entry, options, sample_rate, channels)
        return detector


def build(entry: Entry[Any], *arguments: object) -> Any:
    """An instance of a component, whose calls are guarded; what its author did not foresee is a PluginError."""
    origin = entry.origin
    cls = guarded_class(entry, load_target(entry))
    with running(origin):
        instance = cls(*arguments)
        check_instance(entry, instance)
    return instance
