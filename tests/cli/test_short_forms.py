"""Groups that share their place with names: commands, short forms, what is reserved, completion and help."""

from __future__ import annotations

import json

import click
import pytest
from click.shell_completion import ShellComplete

from vocolab.cli.main import vocolab
from vocolab.cli.short_form import ShortFormGroup, list_or_show


@pytest.mark.parametrize(
    ("short", "full"),
    [
        (["voices"], ["voices", "list"]), (["voices", "--json"], ["voices", "list", "--json"]),
        (["voices", "vocos-22k"], ["voices", "show", "vocos-22k"]),
        (["voices", "--json", "vocos-22k"], ["voices", "show", "vocos-22k", "--json"]),
        (["--quiet", "voices", "vocolab/vocos-22k"], ["voices", "--quiet", "show", "vocolab/vocos-22k"]),
        (["plugins"], ["plugins", "list"]),
        (["plugins", "hifigan", "--json"], ["plugins", "show", "hifigan", "--json"]),
        (["plugins", "vocolab"], ["plugins", "show", "vocolab"]),
    ],
    ids=" ".join,
)
def test_a_short_form_is_its_full_form(cli, short, full):
    one, other = cli(*short), cli(*full)
    assert one.code == other.code == 0 and one.out == other.out and one.out


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (["voices", "nope"], "there is no voice named 'nope'"), (["voices", "show"], "Missing argument 'NAME'"),
        (["voices", "show", "list"], "there is no voice named 'list'"), (["voices", "--nope"], "No such option"),
        (["plugins", "nope"], "there is no plugin named 'nope'"), (["train"], "Missing argument 'MODEL'"),
        (["train", "hifigan"], "Missing argument 'RECIPE'"), (["train", "export"], "Missing"),
        (["train", "run", "export", "x", "--data", "y"], "there is no model named 'export'"),
        (["train", "nope", "x", "--data", "y"], "there is no model named 'nope'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_names_and_commands_are_told_apart(cli, call, said):
    result = cli(*call)
    assert result.code == 2 and said in result.err and result.out == ""


@pytest.mark.parametrize("group", ["voices", "plugins", "train"])
def test_help_names_commands_and_short_forms(cli, group):
    out = cli(group, "--help").out
    assert "Commands:" in out and "Short forms:" in out and f"vocolab {group}" in out.partition("Short forms:")[2]
    assert cli(group, "-h").out == out


def completions(*words, incomplete=""):
    completer = ShellComplete(vocolab, {}, "vocolab", "_VOCOLAB_COMPLETE")
    return [item.value for item in completer.get_completions(list(words), incomplete)]


def test_completion_knows_commands_and_names():
    assert {"list", "show", "add", "remove", "pack"} <= set(completions("voices", incomplete=""))
    assert "vocos-22k" in completions("voices", incomplete="vo")
    assert "list" not in completions("voices", incomplete="vo")
    assert completions("voices", "show", incomplete="vocos-2") == ["vocos-22k"]
    assert completions("train", incomplete="r") == ["run"]
    assert completions("train", incomplete="hifi") == ["hifigan"]
    assert "hifigan-22k" in completions("train", "hifigan", incomplete="hifigan-")
    assert "hifigan" in completions("plugins", incomplete="hi")
    assert "--device" in completions("train", "hifigan", "hifigan-22k", incomplete="--de")


def own_group(seen):
    @click.group(cls=ShortFormGroup, short=list_or_show, forms=[("own", "own list")])
    def own():
        """Own."""

    @own.command("list")
    def list_():
        seen.append("list")

    @own.command("show")
    @click.argument("name")
    def show(name):
        seen.append(f"show {name}")

    return own


@pytest.mark.parametrize(
    ("arguments", "happened"),
    [
        ([], "list"), (["list"], "list"), (["a"], "show a"), (["show", "list"], "show list"),
        (["show", "show"], "show show"), (["--quiet"], "list"), (["--quiet", "a"], "show a"),
        (["a", "--quiet"], "show a"),
    ],
)
def test_what_is_called_like_a_command_is_reached_by_show(arguments, happened):
    seen = []
    own_group(seen).main(arguments, standalone_mode=False)
    assert seen == [happened]


def test_json_of_both_forms_is_what_it_was(cli):
    listed = json.loads(cli("voices", "--json").out)
    assert {"name", "dist", "version", "summary", "rank"} <= set(listed[0])
    assert json.loads(cli("plugins", "hifigan", "--json").out)[0]["hooks"] == ["vocolab_vocoders", "vocolab_voices"]
