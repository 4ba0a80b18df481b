"""Components of plugins that fail by themselves: every method of their interface is called between checks.

A component is an instance of a class that is made from the plugin's, with the same methods and attributes. Those of the
interface give read-only arrays in, hold what comes out to the interface, and put the component's address on whatever
is raised. Block effects and signal effects need none of it: their base classes see to it.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from vocolab.effects import BlockEffect, SignalEffect
from vocolab.errors import PluginError
from vocolab.guarding import Origin, remember
from vocolab.plugins.host import Entry
from vocolab.plugins.specs import (
    AcousticModelSpec,
    DetectorSpec,
    EffectSpec,
    LanguageSpec,
    SynthesizerSpec,
    VocoderSpec,
)

Methods = Callable[[type, Origin], dict[str, Any]]

_METHODS = {
    VocoderSpec: "vocoders:methods",
    AcousticModelSpec: "speech:acoustic_methods",
    SynthesizerSpec: "speech:synthesizer_methods",
    LanguageSpec: "languages:methods",
    EffectSpec: "effects:methods",
    DetectorSpec: "detectors:methods",
}
"""Imported for the kinds that are made: who renders a mel needs no language."""
_made: dict[tuple[type, Origin], type] = {}


def guarded_class(entry: Entry[Any], cls: type) -> type:
    """The class whose instances are used in place of those of `cls`.

    Raises:
        PluginError: if nothing can be derived from `cls`.
    """
    origin = entry.origin
    remember(cls, origin)
    kind = next((found for found in _METHODS if isinstance(entry.spec, found)), None)
    return cls if kind is None or issubclass(cls, BlockEffect | SignalEffect) else _derived(cls, origin, kind)


def _methods(kind: type) -> Methods:
    module, _, name = _METHODS[kind].partition(":")
    found: Methods = getattr(import_module(f"{__name__}.{module}"), name)
    return found


def _derived(cls: type, origin: Origin, kind: type) -> type:
    if (cls, origin) not in _made:
        body = {"__module__": cls.__module__, "__qualname__": cls.__qualname__, "__doc__": cls.__doc__,
                "is_guarded": True, **_methods(kind)(cls, origin)}
        if not any(name in vars(base) for base in cls.__mro__[:-1] for name in ("__reduce_ex__", "__reduce__")):
            body["__reduce_ex__"] = _reducing(cls, origin, kind)
        try:
            made = type(cls)(cls.__name__, (cls,), body)
        except Exception as error:
            raise PluginError(f"its class {cls.__qualname__} lets no other derive from it: {error}") from error
        remember(made, origin)
        _made[cls, origin] = made
    return _made[cls, origin]


def _reducing(cls: type, origin: Origin, kind: type) -> Callable[[Any, Any], tuple[Any, ...]]:
    """Pickling and copying by the plugin's class, since the one that is made of it can't be found by its name."""

    def __reduce_ex__(self: Any, protocol: Any) -> tuple[Any, ...]:
        usual: Any = object.__reduce_ex__(self, max(2, protocol))
        _, (_, *arguments), *rest = usual
        return (_restored, (cls, origin, kind, *arguments), *rest)

    return __reduce_ex__


def _restored(cls: type, origin: Origin, kind: type, *arguments: Any) -> Any:
    made = _derived(cls, origin, kind)
    return made.__new__(made, *arguments)
