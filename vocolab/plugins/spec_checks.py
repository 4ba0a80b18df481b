"""Checks on what a hook gives, before anybody relies on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TypeVar

from vocolab.options import EffectOptions, Options
from vocolab.plugins.specs import ComponentSpec, EffectSpec, MelConventionSource, ModelSpec, PresetSource, VoiceSource

T = TypeVar("T")


def checked_specs(hook: str, kind: type[T], given: object) -> list[T]:
    """The specs that a hook gave, in a list.

    Raises:
        TypeError: if that is not an iterable of `kind`; names what is not.
        ValueError: if two have the same name.
    """
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        raise TypeError(f"it gave {_describe(given)}; it has to give an iterable of {kind.__name__}")
    specs = list(given)
    for number, spec in enumerate(specs):
        if not isinstance(spec, kind):
            raise TypeError(f"item {number} is {_describe(spec)}, not a {kind.__name__}")
        _check_fields(spec)
    names = Counter(getattr(spec, "name", index) for index, spec in enumerate(specs))
    if twice := [str(name) for name, count in names.items() if count > 1]:
        raise ValueError(f"it gave more than one {kind.__name__} named {', '.join(twice)}")
    return specs


def _check_fields(spec: object) -> None:
    """What the annotations of a spec promise and a dataclass does not hold."""
    if isinstance(spec, ComponentSpec):
        base = EffectOptions if isinstance(spec, EffectSpec) else Options
        if not (isinstance(spec.options, type) and issubclass(spec.options, base)):
            raise TypeError(f"{spec.name}: options is {_describe(spec.options)}, not a subclass of {base.__name__}")
    if isinstance(spec, ModelSpec) and spec.recipes is not None and not hasattr(spec.recipes, "iterdir"):
        given = _describe(spec.recipes)
        raise TypeError(f"{spec.name}: recipes is {given}; give a folder, a Path or importlib.resources.files(...)")
    if isinstance(spec, VoiceSource) and not hasattr(spec.file, "open"):
        raise TypeError(f"{spec.name}: file is {_describe(spec.file)}; give a Path or importlib.resources.files(...)")
    if isinstance(spec, PresetSource | MelConventionSource) and not hasattr(spec.folder, "iterdir"):
        raise TypeError(f"folder is {_describe(spec.folder)}; give a Path or importlib.resources.files(...)")


def _describe(value: object) -> str:
    if isinstance(value, type):
        return f"the class {value.__name__}"
    return "None" if value is None else f"{type(value).__name__} {str(value)[:60]!r}"
