"""The `vocolab` command: its commands by name, and what becomes of errors.

Nothing heavy is imported here: `vocolab --help` has to answer at once.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from vocolab.cli.colour import say
from vocolab.cli.group import LazyCommand, LazyGroup, other_packages
from vocolab.cli.session import Session, global_options
from vocolab.cli.terminal import visible_streams
from vocolab.errors import DocumentError, OutputError, VocolabError
from vocolab.errors.wording import shortened

INTERRUPTED = 130
NOBODY_READS = 1
"""Exit code where whoever read stdout has gone before it had everything."""
_LONGEST_LINE = 10_000
"""Characters of an error; names in files of others may be of any length."""

COMMANDS = {
    name: LazyCommand(f"vocolab.cli.{target}", summary)
    for name, target, summary in (
        ("say", "say:say", "Speak a text, mastered by a preset"),
        ("render", "render:render", "Turn mel files into audio, mastered by a preset"),
        ("mel", "mel:mel", "Turn audio files into mel files"),
        ("features", "features:features", "Measure F0, voicing and energy of audio files"),
        ("master", "master:master", "Run audio files through a preset's effects"),
        ("mix", "mix:mix", "Mix the tracks of a conversation, and master the mix"),
        ("measure", "measure:measure_command", "Measure loudness and true peak of audio files"),
        ("tag", "tag:tag", "Write tags and gains for players into audio files"),
        ("inspect", "inspect:inspect", "Say what a mel, voice or audio file holds"),
        ("convert", "convert:convert", "Turn a published checkpoint into a voice file"),
        ("data", "data:data", "Make recordings ready to train on"),
        ("align", "align:align", "Find out when each sound of a recording is said"),
        ("export", "export:export", "Write a voice as an ONNX file"),
        ("train", "train:train", "Train a model by a recipe"),
        ("text", "text:text_command", "Show the words and sounds that a text will be spoken with"),
        ("bench", "bench:bench", "Measure how good the installed voices are"),
        ("check", "check:check", "Check a preset file and list all its problems"),
        ("models", "models:models", "List all models with weights, or describe one"),
        ("vocoders", "vocoders:vocoders", "List vocoders, or describe one"),
        ("voices", "voices:voices", "List trained voices, or describe one"),
        ("languages", "languages:languages", "List languages, or describe one with its options"),
        ("engines", "engines:engines", "List what executes networks"),
        ("effects", "components:effects", "List effects, or describe one with its options"),
        ("detectors", "components:detectors", "List detectors of what is wrong with a recording"),
        ("presets", "presets:presets", "List presets, or describe one step by step"),
        ("conventions", "conventions:conventions", "List mel conventions, or describe one"),
        ("recipes", "recipes:recipes", "List training recipes, or print one to copy it"),
        ("config", "config:config", "Show the configuration that is in force, and from where"),
        ("plugins", "plugins:plugins", "List plugins and what is wrong with them"),
    )
}

vocolab = LazyGroup(
    name="vocolab",
    lazy_commands=COMMANDS,
    params=global_options(),
    help="Mel spectrograms in, finished audio out.",
    epilog="'vocolab COMMAND --help' says more about a command.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    callback=lambda: None,
)


def _print_version(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"vocolab {version('vocolab')}")
        for name, its_version in other_packages().items():
            click.echo(f"  plugins of {name} {its_version}")
        context.exit()


vocolab.params.append(
    click.Option(["--version"], is_flag=True, expose_value=False, is_eager=True, callback=_print_version,
                 help="Print the version, and those of packages with plugins.")
)


def run(arguments: Sequence[str]) -> int:
    """Run one call and give its exit code: 0, 1 (failed), 2 (wrong call) or 130 (interrupted).

    Errors are printed in one line on stderr; with --debug comes the traceback.
    """
    with visible_streams():
        return _run(arguments)


def _run(arguments: Sequence[str]) -> int:
    session = Session()
    _watch_plugins(session)
    try:
        code = vocolab.main(list(arguments), prog_name="vocolab", standalone_mode=False, obj=session)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except BrokenPipeError:
        _forget_stdout()
        return NOBODY_READS
    except (KeyboardInterrupt, click.Abort):
        click.echo("vocolab: interrupted", err=True)
        return INTERRUPTED
    except Exception as error:
        if isinstance(error, OutputError) and error.subject("stream"):
            _forget_stdout()
        return _report(error, session)


def _watch_plugins(session: Session) -> None:
    """What plugins do at exit and in threads of their own fails for them alone."""
    if other_packages():
        from vocolab.guarding.afterwards import watch_afterwards

        watch_afterwards(lambda: session.debug)


def _report(error: Exception, session: Session) -> int:
    """Print what went wrong and give the exit code."""
    if session.debug:
        import traceback

        traceback.print_exception(error)
    if isinstance(error, DocumentError):
        for problem in error.problems:
            click.echo(f"vocolab: error: {problem}", err=True)
        return error.exit_code
    if isinstance(error, VocolabError):
        return _fail(str(error), error.exit_code)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()  # a group called alone: its help as it is, on stderr, since nothing was done
        if error.ctx is not None and error.ctx.parent is None:
            from vocolab.cli.suggestion import suggestion

            say(f"\n  Try: {suggestion()}")
        return error.exit_code
    if isinstance(error, click.ClickException):
        return _fail(_usage_text(error), error.exit_code)
    text = f"{type(error).__name__}: {error}".strip(": ")
    return _fail(f"{text} (this is a bug in vocolab or in a plugin; --debug shows where)", 1)


def _fail(text: str, code: int) -> int:
    line = " ".join(text.split())
    printable = "".join(character if character.isprintable() else "?" for character in line)
    say(f"vocolab: error: {shortened(printable, _LONGEST_LINE)}")
    return code


def _usage_text(error: click.ClickException) -> str:
    text = error.format_message()
    context = getattr(error, "ctx", None)
    return f"{text.rstrip('.')} (see '{context.command_path} --help')" if context else text


def _forget_stdout() -> None:
    """Let nothing be flushed to stdout when the process ends: nobody reads it, or its disk is full."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
