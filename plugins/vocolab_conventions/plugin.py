"""Published mel conventions: what the plugin offers."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files

from vocolab.plugins.hookspecs import hookimpl
from vocolab.plugins.specs import MelConventionSource


@hookimpl
def vocolab_mel_conventions() -> Iterable[MelConventionSource]:
    """One TOML file for each."""
    yield MelConventionSource(folder=files(__package__) / "conventions")
