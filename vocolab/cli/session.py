"""What every command shares: the global options, the catalog, and how to talk to the user."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import click

from vocolab.cli.colour import say
from vocolab.cli.terminal import json_for

if TYPE_CHECKING:
    from vocolab.catalog import Catalog
    from vocolab.cli.progress import Progress
    from vocolab.engines import EngineChoice
    from vocolab.mels.convention_files import Convention
    from vocolab.mels.spec import MelSpec


@dataclass
class Session:
    """One call of the command line."""

    debug: bool = False
    quiet: bool = False
    no_plugins: bool = False
    _catalog: Catalog | None = field(default=None, repr=False)

    @property
    def catalog(self) -> Catalog:
        """What is installed; plugins are loaded when this is first asked for."""
        if self._catalog is None:
            from vocolab.catalog import Catalog
            from vocolab.mels.conventions import use

            self._catalog = Catalog.installed(no_plugins=self.no_plugins)
            use(self._catalog.mel_conventions)
        return self._catalog

    def named_convention(self, name: str) -> Convention:
        """The mel convention of that name, or in that TOML file, as the plugins of this call know it."""
        from vocolab.mels.conventions import named_convention, use

        use(self.catalog.mel_conventions)
        return named_convention(name)

    def mel_spec(self, name: str | None) -> MelSpec | None:
        """What `--mel-spec` says, None where it says nothing."""
        from vocolab.mels.conventions import convention, use

        use(self.catalog.mel_conventions)
        return convention(name) if name else None

    def usual(self, key: Literal["voice", "preset", "device", "engine"]) -> str | None:
        """What the user's configuration has for an option that was left out, and says so; None where it has nothing.

        Raises:
            CallError: if the configuration can't be used.
        """
        from vocolab.configuration import config

        known = config()
        value: str | None = getattr(known, key)
        if value is not None:
            self.say(f"{key}: {value}, as {known.origin(f'defaults.{key}')} says")
        return value

    def device(self, asked: str | None) -> str:
        """The device that `--device` or the configuration asks for, else the CPU."""
        return asked or self.usual("device") or "cpu"

    def engine(self, options: dict[str, Any]) -> EngineChoice:
        """What --engine, --precision and --threads say, taken out of `options`.

        Raises:
            CallError: if there is no such engine, or no such number of threads.
        """
        from vocolab.engines.choice import engine_choice, usual_engine

        named = options.pop("engine") or usual_engine(lambda: self.usual("engine"))
        return engine_choice(named, options.pop("precision"), options.pop("threads"))

    def say(self, text: str) -> None:
        """A line for people, on stderr; nothing with --quiet."""
        if not self.quiet:
            say(text)

    def progress(self, total: int, part: tuple[float, float] = (0.0, 1.0)) -> Progress:
        """What shows how far long work has come, as `Progress` takes it."""
        from vocolab.cli.progress import Progress

        return Progress(total, quiet=self.quiet, part=part)

    def warn_of_broken_plugins(self) -> None:
        """One line if plugins failed, for commands that build something from plugins."""
        failed = self.catalog.host.failed
        if failed:
            names = ", ".join(record.key for record in failed)
            count = "1 plugin" if len(failed) == 1 else f"{len(failed)} plugins"
            click.echo(f"vocolab: {count} failed to load ({names}); see 'vocolab plugins'", err=True)


pass_session = click.make_pass_decorator(Session, ensure=True)
"""Gives a command the `Session` as its first argument."""

GLOBAL_OPTIONS = {
    "debug": ("--debug", "Show the traceback of an error."),
    "quiet": ("--quiet", "Say nothing but errors."),
    "no_plugins": ("--no-plugins", "Use what is built in and load no other plugin."),
}


def add_global_options(command: click.Command) -> click.Command:
    """Let `vocolab COMMAND --quiet` mean the same as `vocolab --quiet COMMAND`; options of its own stay its own."""
    taken = {name for parameter in command.params for name in (parameter.name, *parameter.opts)}
    for name, (flag, text) in GLOBAL_OPTIONS.items():
        if not {name, flag} & taken:
            command.params.append(_flag(name, flag, text))
    return command


def global_options() -> list[click.Parameter]:
    """The options that stand before a command."""
    return [_flag(name, flag, text, hidden=False) for name, (flag, text) in GLOBAL_OPTIONS.items()]


def print_json(value: Any) -> None:
    """A result for programs, on stdout."""
    click.echo(json_for(sys.stdout, value, indent=2))


def on_terminal() -> bool:
    """Whether a person watches stderr."""
    return sys.stderr.isatty()


def _flag(name: str, flag: str, text: str, *, hidden: bool = True) -> click.Option:
    return click.Option(
        [flag, name], is_flag=True, expose_value=False, is_eager=True, hidden=hidden, help=text, callback=_setter(name)
    )


def _setter(name: str) -> Callable[[click.Context, click.Parameter, bool], bool]:
    def set_it(context: click.Context, _parameter: click.Parameter, value: bool) -> bool:
        if value:
            setattr(context.ensure_object(Session), name, True)
        return value

    return set_it
