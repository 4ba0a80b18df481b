"""The contract for authors of commands."""

from __future__ import annotations

import re
import subprocess
import sys
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

    def test_the_command_line_has_it(self) -> None:
        """`vocolab NAME --help` is this command's help: the name is a possible one, and no other command's."""
        name = self.spec.name
        assert re.fullmatch(r"[a-z][a-z0-9-]*", name), f"{name!r}: lower case letters, digits and hyphens"
        shown = subprocess.run([sys.executable, "-m", "vocolab", name, "--help"], capture_output=True, text=True,
                               check=False)
        assert shown.returncode == 0, shown.stderr
        own = (load_target(Entry(self.spec)).help or "").split()
        assert " ".join(own[:5]) in " ".join(shown.stdout.split()), (
            f"'vocolab {name}' is another command, which goes first: rename yours"
        )
