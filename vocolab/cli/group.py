"""A click group whose commands are imported when they are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from vocolab.cli.session import Session, add_global_options
from vocolab.errors import CallError

if TYPE_CHECKING:
    from vocolab.plugins.host import Entry
    from vocolab.plugins.specs import CommandSpec


@dataclass(frozen=True)
class LazyCommand:
    """Where a command is, and what `--help` says of it without importing it."""

    target: str
    """`"package.module:attribute"`."""
    summary: str


class LazyGroup(click.Group):
    """Commands of its own by name, and those that plugins bring. On a name's clash its own win."""

    def __init__(self, *args: Any, lazy_commands: Mapping[str, LazyCommand], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lazy_commands = lazy_commands

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, the group's own first."""
        return [*self.lazy_commands, *(name for name in _plugin_commands(ctx) if name not in self.lazy_commands)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command, or say None if there is none of that name."""
        lazy = self.lazy_commands.get(cmd_name)
        if lazy is not None:
            command = _import(lazy)
        else:
            entry = _plugin_commands(ctx).get(cmd_name)
            if entry is None:
                return None
            from vocolab.cli.plugin_command import opened

            command = opened(ctx.ensure_object(Session).catalog.commands.get(cmd_name))
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
        rows = [(name, lazy.summary) for name, lazy in self.lazy_commands.items()]
        for title, table in (("Commands", rows), ("Commands of plugins", self._plugin_rows(ctx))):
            if table:
                with formatter.section(title):
                    formatter.write_dl(table)

    def _plugin_rows(self, ctx: click.Context) -> list[tuple[str, str]]:
        found = _plugin_commands(ctx).items()
        return [(name, f"{entry.summary} ({entry.dist})") for name, entry in found
                if name not in self.lazy_commands]

    def _unknown(self, ctx: click.Context, name: str) -> str:
        from vocolab.errors import UnknownName

        return str(UnknownName("command", name, self.list_commands(ctx)))


def _import(lazy: LazyCommand) -> click.Command:
    module, _, attribute = lazy.target.partition(":")
    command: click.Command = getattr(import_module(module), attribute)
    command.short_help = lazy.summary
    return command


def _plugin_commands(ctx: click.Context) -> dict[str, Entry[CommandSpec]]:
    """Commands by name, a built-in plugin's before another's.

    Where no other package has plugins none is loaded: what comes with vocolab names its commands in its own group.
    """
    session = ctx.ensure_object(Session)
    if session.no_plugins or not other_packages():
        return {}
    try:
        commands = session.catalog.commands.entries()
    except CallError:  # a configuration that can't be used: whatever needs it says so, and help does not
        return {}
    claimed = Counter(entry.name for entry in commands)
    named = {entry.qualified: entry for entry in commands}
    return {entry.name if claimed[entry.name] == 1 or entry.builtin else entry.qualified: entry
            for entry in reversed(list(named.values()))}


def other_packages() -> dict[str, str]:
    """Versions of the installed packages with plugins, by name, vocolab itself left out. Loads none of them."""
    from importlib.metadata import entry_points

    found = {entry.dist.name: entry.dist.version for entry in entry_points(group="vocolab") if entry.dist is not None}
    return {name: found[name] for name in sorted(found) if name != "vocolab"}
