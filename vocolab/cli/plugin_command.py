"""A command that a plugin brings: what it raises has the plugin's address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from vocolab.errors import VocolabError
from vocolab.guarding.calls import addressed
from vocolab.guarding.origins import note_use
from vocolab.guarding.raised import is_the_plugins_own

if TYPE_CHECKING:
    from vocolab.plugins.host import Entry
    from vocolab.plugins.specs import CommandSpec


def opened(entry: Entry[CommandSpec]) -> click.Command:
    """The command, imported.

    Raises:
        PluginError: if it is broken, DependencyMissing if a package is not installed.
    """
    from vocolab.plugins.targets import load_target

    command: click.Command = load_target(entry)
    note_use(entry.origin)
    if command.callback is not None and not getattr(command.callback, "is_guarded", False):
        command.callback = _guarded(command.callback, entry)
    return command


def _guarded(callback: Any, entry: Entry[CommandSpec]) -> Any:
    from functools import wraps

    @wraps(callback)
    def called(*arguments: Any, **options: Any) -> Any:
        try:
            return callback(*arguments, **options)
        except (VocolabError, click.ClickException, click.exceptions.Exit, click.Abort, SystemExit, BrokenPipeError):
            raise  # its own way to end
        except BaseException as error:
            if not is_the_plugins_own(error) or isinstance(error, MemoryError):
                raise
            raise addressed(error, entry.origin) from error

    called.is_guarded = True  # type: ignore[attr-defined]
    return called
