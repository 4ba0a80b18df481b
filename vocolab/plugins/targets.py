"""Imports what a spec names, and tells apart the three ways in which that fails."""

from __future__ import annotations

import inspect
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal

import numpy as np

from vocolab.errors import DependencyMissing, PluginError
from vocolab.guarding import is_the_plugins_own, prints_elsewhere, text_of
from vocolab.plugins.host import HOME, Entry
from vocolab.plugins.requirements import how_to_install
from vocolab.plugins.specs import (
    AcousticModelSpec,
    CommandSpec,
    ComponentSpec,
    DetectorSpec,
    EffectSpec,
    EngineSpec,
    LanguageSpec,
    SynthesizerSpec,
    VocoderSpec,
)

# The members of the protocols in vocolab.interfaces: those a class has, and those an instance has once it is built.
_METHODS: dict[type, tuple[str, ...]] = {
    VocoderSpec: ("render",),
    AcousticModelSpec: ("synthesize",),
    SynthesizerSpec: ("synthesize",),
    LanguageSpec: ("normalise", "pronounce", "parse_phonemes", "write_phonemes"),
    EffectSpec: ("__call__",),
    DetectorSpec: ("accept", "findings"),
}
_ENGINE_METHODS = {"graph": ("compile", "load"), "network": ("execute", "settle")}
"""Those of an engine, by what it runs."""
_ATTRIBUTES: dict[type, tuple[str, ...]] = {
    VocoderSpec: ("mel_spec", "context_frames"),
    AcousticModelSpec: ("mel_spec",),
    SynthesizerSpec: ("sample_rate",),
    LanguageSpec: ("tag", "symbols", "split_rules", "pauses"),
    EngineSpec: ("version", "has_fast"),
}

_WHOLE_NUMBERS: dict[str, tuple[int, str]] = {
    "context_frames": (0, "a whole number of frames from 0 on"),
    "sample_rate": (1, "a whole number of Hz from 1 on"),
}
"""Attributes that are whole numbers: the lowest, and how that is said."""

Loadable = ComponentSpec | CommandSpec


def load_target(
    wanted: Entry[Any] | Loadable,
    which: Literal[
        "target", "recogniser", "converter", "trainer", "exporter", "sizes", "engine_graph", "runner", "plain",
        "untrained",
    ] = "target",
) -> Any:
    """What a spec's `target` (or one of `ModelSpec.FUNCTIONS`) names, imported and checked.

    Raises:
        DependencyMissing: if a package that it imports is not installed; says how to install it.
        PluginError: if the plugin is broken: its module fails, lacks the attribute, or the class lacks a member.
    """
    entry = wanted if isinstance(wanted, Entry) else Entry(wanted, HOME)
    spec = entry.spec
    text = str(getattr(spec, which))
    if not text:
        raise PluginError(f"{spec.name} ({entry.dist}) has no {which}")
    found = _attribute(entry, text)
    if which == "target":
        _check_class(entry, text, found)
    elif not callable(found):
        raise _broken(entry, f"its {which} {text!r} can't be called")
    return found


def check_instance(entry: Entry[Any], instance: object) -> None:
    """Raise PluginError if a component that was built lacks an attribute of its interface, or has one of no use."""
    for name in _members(_ATTRIBUTES, entry.spec):
        if not hasattr(instance, name):
            raise _broken(entry, f"{type(instance).__name__} has no attribute {name!r} once it is built")
        value, (lowest, meaning) = getattr(instance, name), _WHOLE_NUMBERS.get(name, (None, ""))
        if lowest is None:
            if value is None:
                raise _broken(entry, f"{type(instance).__name__}.{name} is None once it is built")
        elif isinstance(value, bool) or not isinstance(value, int | np.integer) or value < lowest:
            raise _broken(entry, f"{type(instance).__name__}.{name} is {value!r}, and has to be {meaning}")


def _attribute(entry: Entry[Any], text: str) -> Any:
    module_name, _, attribute = text.partition(":")
    found: Any = _module(entry, module_name)
    for part in attribute.split("."):
        try:
            found = getattr(found, part)
        except AttributeError as error:
            raise _broken(entry, f"the module {module_name} has no {attribute!r}") from error
    return found


def _module(entry: Entry[Any], name: str) -> Any:
    try:
        with prints_elsewhere():
            return import_module(name)
    except ModuleNotFoundError as error:
        raise _not_found(entry, name, error) from error
    except BaseException as error:
        if not is_the_plugins_own(error):
            raise
        raise _broken(entry, f"importing {name} raised {type(error).__name__}: {text_of(error)}") from error


def _not_found(entry: Entry[Any], module: str, error: ModuleNotFoundError) -> PluginError:
    """Whether a package is missing, or the plugin is wrong about a module."""
    missing = error.name or ""
    top = missing.partition(".")[0]
    if not missing:
        return _broken(entry, f"importing {module} raised ModuleNotFoundError: {error}")
    if top == module.partition(".")[0]:
        return _broken(entry, f"it names the module {missing}, which does not exist")
    if missing != top and (top in sys.modules or find_spec(top) is not None):
        return _broken(entry, f"it needs {missing}, which the installed {top} does not have")
    advice = how_to_install(entry.dist, getattr(entry.spec, "extra", ""), top)
    return DependencyMissing(f"{entry.name!r} needs {top!r}, which is not installed: {advice}")


def _check_class(entry: Entry[Any], text: str, found: object) -> None:
    """Hold a target against the interface that its spec promises."""
    if isinstance(entry.spec, CommandSpec):
        _check_command(entry, text, found)
        return
    if not isinstance(found, type):
        raise _broken(entry, f"{text} is no class but {type(found).__name__}")
    # getattr would find type.__call__ on every class, so the classes themselves are asked.
    have = {name for base in found.__mro__ for name in vars(base)}
    for name in _members(_METHODS, entry.spec):
        if name not in have:
            raise _broken(entry, f"{text} has no method {name!r}")
    for name in _ENGINE_METHODS[entry.spec.runs] if isinstance(entry.spec, EngineSpec) else ():
        if name not in have:
            raise _broken(entry, f"{text} has no method {name!r}, and runs={entry.spec.runs!r} needs one")
    if inspect.isabstract(found):
        missing = ", ".join(sorted(getattr(found, "__abstractmethods__", ())))
        raise _broken(entry, f"{text} does not define {missing}")


def _members(table: dict[type, tuple[str, ...]], spec: object) -> tuple[str, ...]:
    return next((names for kind, names in table.items() if isinstance(spec, kind)), ())


def _check_command(entry: Entry[Any], text: str, found: object) -> None:
    import click

    if not isinstance(found, click.Command):
        raise _broken(entry, f"{text} is no click command but {type(found).__name__}")


def _broken(entry: Entry[Any], what: str) -> PluginError:
    return PluginError(f"the plugin of {entry.name!r} ({entry.dist}) is broken: {what}")
