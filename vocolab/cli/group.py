"""A click group whose commands are imported when they are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from vocolab.cli.session import Session, add_global_options
from vocolab.cli.uncollected import uncollected
from vocolab.errors import CallError

if TYPE_CHECKING:
    from vocolab.plugins.records import Entry
    from vocolab.plugins.sources import CommandSpec

_HOME = "vocolab"
"""The distribution whose plugins are built in."""


@dataclass(frozen=True)
class LazyCommand:
    """Where a command is, and what `--help` says of it without importing it."""

    target: str
    """`"package.module:attribute"`."""
    summary: str


class LazyGroup(click.Group):
    """Commands of its own by name, then those of built-in plugins, then those that others bring.

    On a name's clash the first of these wins.
    """

    def __init__(self, *args: Any, lazy_commands: dict[str, LazyCommand], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lazy_commands = lazy_commands

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, what is built in first."""
        builtin = self.builtin(ctx)
        return [*builtin, *(name for name in _plugin_commands(ctx) if name not in builtin)]

    def builtin(self, ctx: click.Context) -> dict[str, LazyCommand]:
        """The group's own commands, and those of built-in plugins."""
        brought = _builtin_commands(ctx)
        return self.lazy_commands | {name: lazy for name, lazy in brought.items() if name not in self.lazy_commands}

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command, or say None if there is none of that name."""
        lazy = self.lazy_commands.get(cmd_name) or _builtin_commands(ctx).get(cmd_name)
        if lazy is not None:
            command = _import(lazy)
        else:
            entry = _plugin_commands(ctx).get(cmd_name)
            if entry is None:
                return None
            from vocolab.cli.plugin_command import opened

            command = opened(entry)
        return add_global_options(command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that `args` begin with.

        Raises:
            click.UsageError: if there is none of that name; suggests the nearest.
        """
        name = args[0] if args else ""
        if name and not name.startswith("-") and self.get_command(ctx, name) is None:
            ctx.fail(self._unknown(ctx, name))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table of commands in `--help`, from what is known without importing them."""
        builtin = self.builtin(ctx)
        rows = [(name, lazy.summary) for name, lazy in builtin.items()]
        for title, table in (("Commands", rows), ("Commands of plugins", _plugin_rows(ctx, builtin))):
            if table:
                with formatter.section(title):
                    formatter.write_dl(table)

    def _unknown(self, ctx: click.Context, name: str) -> str:
        from vocolab.errors import UnknownName

        return str(UnknownName("command", name, self.list_commands(ctx)))


def _import(lazy: LazyCommand) -> click.Command:
    module, _, attribute = lazy.target.partition(":")
    with uncollected():
        command: click.Command = getattr(import_module(module), attribute)
    command.short_help = lazy.summary
    return command


def _builtin_commands(ctx: click.Context) -> dict[str, LazyCommand]:
    """What built-in plugins bring, by their manifests."""
    from vocolab.plugins.declared import declared_commands

    declared = declared_commands(_HOME, _switched_off(ctx.ensure_object(Session)))
    return {name: LazyCommand(spec.target, spec.summary) for name, spec in declared.items()}


def _switched_off(session: Session) -> frozenset[str]:
    from vocolab.configuration import config

    try:
        return frozenset() if session.no_plugins else config().plugins_off
    except CallError:  # a configuration that can't be used: whatever needs it says so, and help does not
        return frozenset()


def _plugin_commands(ctx: click.Context) -> dict[str, Entry[CommandSpec]]:
    """What other packages bring, by name; qualified where several have it and the configuration puts none first."""
    session, others = ctx.ensure_object(Session), other_packages()
    if session.no_plugins or not others:
        return {}
    from vocolab.plugins.names import normalized, resolve

    try:
        catalog = session.catalog
    except CallError:
        return {}
    entries = [entry for dist in others for entry in catalog.commands.entries(normalized(dist))]
    found = {}
    for entry in entries:
        try:
            means = resolve(entries, entry.name, kind="command", first=catalog.host.first)
        except CallError:
            means = None
        found[entry.name if entry == means else entry.qualified] = entry
    return found


def _plugin_rows(ctx: click.Context, builtin: Mapping[str, LazyCommand]) -> list[tuple[str, str]]:
    found = _plugin_commands(ctx).items()
    return [(name, f"{entry.summary} ({entry.dist})") for name, entry in found if name not in builtin]


def other_packages() -> dict[str, str]:
    """Versions of the installed packages with plugins, by name, vocolab itself left out. Loads none of them."""
    from vocolab.plugins.installed import entry_points, package_of

    found = dict(filter(None, map(package_of, entry_points(group="vocolab"))))
    return {name: found[name] for name in sorted(found) if name != _HOME}
