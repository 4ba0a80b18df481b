"""The command `vocolab serve`: what there is, and where it is found."""

from __future__ import annotations

from collections.abc import Iterable

from vocolab.plugins.hookspecs import hookimpl
from vocolab.plugins.specs import CommandSpec


@hookimpl
def vocolab_commands() -> Iterable[CommandSpec]:
    """One command."""
    return [
        CommandSpec(
            name="serve", summary="Serve speech over HTTP, as OpenAI's clients ask for it",
            target="vocolab_server.command:serve",
        )
    ]
