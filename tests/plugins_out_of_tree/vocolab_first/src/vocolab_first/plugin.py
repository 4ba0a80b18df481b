"""What vocolab-first adds to vocolab: a language, an engine, a mel convention and a model of a kind of its own.

It is written for version 1 of the plugin interface, and is not changed with it: what vocolab promises to packages of
that version it has to keep to this one. It has no manifest, which nobody of that version needs.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files

import pluggy

from vocolab import EngineSpec, LanguageSpec, MelConventionSource, ModelSpec, hookimpl

vocolab_interface = 1


@hookimpl
def vocolab_languages() -> Iterable[LanguageSpec]:
    """A language that is said as it is spelled."""
    yield LanguageSpec(name="first", summary="Every word as it is spelled", target="vocolab_first.language:Spelled",
                       tags=("art-x-first",))


@hookimpl
def vocolab_engines() -> Iterable[EngineSpec]:
    """ONNX's reference implementation. Its rank puts it before no engine that is built in."""
    yield EngineSpec(name="first", summary="ONNX graphs by ONNX's reference implementation", runs="graph",
                     target="vocolab_first.engine:Reference", packages=("onnx",), rank=1000)


@hookimpl
def vocolab_mel_conventions() -> Iterable[MelConventionSource]:
    """The folder of mel conventions."""
    yield MelConventionSource(folder=files("vocolab_first") / "conventions")


@hookimpl
def vocolab_models() -> Iterable[ModelSpec]:
    """A model of a kind that vocolab does not know."""
    yield ModelSpec(name="first-counter", kind="counter", summary="Counts words", needs_voice=False,
                    target="vocolab_first.counter:Counter")


@pluggy.HookimplMarker("vocolab")(optionalhook=True)
def vocolab_codecs() -> list[object]:
    """A hook of some later version: one package works with both."""
    return []
