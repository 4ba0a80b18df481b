"""`--set` with several values behind it, as one writes them: --set vocoder.sampler=ddim vocoder.steps=4."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

_OPTION = "--set"
_SETTING = re.compile(r"[\w-]+\.[\w-]+=.*")


class SettingsCommand(click.Command):
    """A command with `--set` that takes every setting up to the next option or file."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, each setting behind `--set` with an option of its own."""
        return super().parse_args(ctx, list(one_each(args)))


def one_each(args: Sequence[str]) -> Iterator[str]:
    """The arguments, `--set` repeated for every setting that follows one; what is a file stays an input."""
    behind = False
    for index, argument in enumerate(args):
        is_value = index > 0 and args[index - 1] == _OPTION
        is_next = behind and bool(_SETTING.fullmatch(argument)) and not Path(argument).exists()
        if is_next and not is_value:
            yield _OPTION
        yield argument
        behind = is_value or is_next
