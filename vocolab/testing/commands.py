"""The contract for authors of commands."""

from __future__ import annotations

import re
from typing import ClassVar

from vocolab.plugins.host import Entry
from vocolab.plugins.specs import CommandSpec
from vocolab.plugins.targets import load_target
from vocolab.testing.places import place_of


class CommandContract:
    """Set `spec`."""

    spec: ClassVar[CommandSpec]

    def test_it_is_a_click_command_with_help(self) -> None:
        """`--help` answers, and says what the command does."""
        import click

        command = load_target(Entry(self.spec))
        context = click.Context(command, info_name=self.spec.name)
        place = place_of(command.callback) if command.callback else ""
        assert command.help, f"{self.spec.name} has no help: give its function a docstring{place}"
        assert self.spec.name in command.get_help(context)

    def test_its_name_is_one_of_the_command_line(self) -> None:
        """Lower case letters, digits and hyphens; no built-in command has it."""
        from vocolab.cli.main import COMMANDS

        assert re.fullmatch(r"[a-z][a-z0-9-]*", self.spec.name), f"{self.spec.name!r}: lower case, digits and hyphens"
        assert self.spec.name not in COMMANDS, f"{self.spec.name} is a built-in command, which goes first: rename yours"
