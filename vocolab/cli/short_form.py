"""Groups whose own name is short for one of their commands: `vocolab train MODEL RECIPE` is `train run MODEL RECIPE`.

The names of a group's commands are reserved: what has such a name itself is reached through the command in full, as in
`vocolab voices show list`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click
from click.shell_completion import CompletionItem

from vocolab.cli.session import GLOBAL_OPTIONS, add_global_options

_HELP = ("--help", "-h")
_FLAGS = {flag for flag, _ in GLOBAL_OPTIONS.values()}

Choose = Callable[[Sequence[str]], str]
"""The command that arguments are meant for which begin with none: given without `--quiet` and its like."""


def list_or_show(arguments: Sequence[str]) -> str:
    """For groups of things with names: `voices` lists them, `voices NAME` shows one."""
    return "show" if any(not argument.startswith("-") for argument in arguments) else "list"


class ShortFormGroup(click.Group):
    """A group that hands arguments which begin with no command's name to the command that `short` chooses.

    Args:
        short: Chooses; or the name of the command, whatever the arguments.
        forms: What the short forms are, for `--help`: pairs of short form and full form.
    """

    def __init__(
        self, *args: Any, short: str | Choose, forms: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **{"no_args_is_help": False, **kwargs})
        self.short, self.forms = short, tuple(forms)
        add_global_options(self)

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Add a command, which takes `--quiet` and its like as all do."""
        super().add_command(add_global_options(cmd), name)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, with the command's name put where the short form leaves it out."""
        rest = [argument for argument in args if argument not in _FLAGS]
        first = rest[0] if rest else ""
        meant_for_group = first in self.commands or first in _HELP
        if not meant_for_group and not (ctx.resilient_parsing and not rest):
            position = next((index for index, argument in enumerate(args) if argument not in _FLAGS), len(args))
            args = [*args[:position], self._short_for(rest), *args[position:]]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands, and what the short form takes in their place."""
        found = super().shell_complete(ctx, incomplete)
        command = self.commands[self._short_for([incomplete or "NAME"])]
        first = next((one for one in command.params if isinstance(one, click.Argument)), None)
        if first is None or incomplete.startswith("-"):
            return found
        inner = click.Context(command, parent=ctx, info_name=command.name, resilient_parsing=True)
        return [*found, *first.shell_complete(inner, incomplete)]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The short forms, and how to reach what has a command's name."""
        with formatter.section("Short forms"):
            formatter.write_dl([(short, f"as {full}") for short, full in self.forms])
        if isinstance(self.short, str):
            records = (option.get_help_record(ctx) for option in self.commands[self.short].params)
            with formatter.section(f"Options of '{self.short}' and its short form"):
                formatter.write_dl([record for record in records if record is not None])
        super().format_epilog(ctx, formatter)

    def _short_for(self, arguments: Sequence[str]) -> str:
        return self.short if isinstance(self.short, str) else self.short(arguments)


def names_of(registry: str) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem]]:
    """Completes the names of what is installed; `registry` is an attribute of the catalog."""

    def complete(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from vocolab.cli.session import Session

        names = getattr(ctx.ensure_object(Session).catalog, registry).names()
        return [CompletionItem(name) for name in names if name.startswith(incomplete)]

    return complete
