"""The command lines and snippets of README and docs, run as they stand in a fresh folder that holds the examples.

`TAKEN` are pages whose console blocks are all run. What needs a corpus, a checkpoint, hours or another program is not:
of that the options are held against the commands, so that no page names one that is not there.
"""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path
from pipes import piped

import click
import pytest
from speechlike import speechlike

from vocolab.cli.main import vocolab as command_line

ROOT = Path(__file__).resolve().parents[2]
PAGES = {page.name: page.read_text(encoding="utf-8") for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]}
TAKEN = ("README.md", "index.md", "mastering.md", "metering.md", "presets.md")
LEFT_OUT = ("--plot",)
"""Parts of lines that are not run: what needs an extra."""
PRESET = re.search(r"^```toml\n(format = 1.*?)^```", PAGES["presets.md"], re.DOTALL | re.MULTILINE)


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGES[page], flags=re.DOTALL | re.MULTILINE)


def lines(page: str) -> list[str]:
    """Every `vocolab` or `python -c` line of the console blocks of a page, one for each part of a pipeline or list."""
    whole = [line for block in blocks(page, "console") for line in block.splitlines()]
    parts = [part.strip() for line in whole for part in re.split(r"&&|(?<!\|)\|(?!\|)", line)]
    return [part for part in parts if part.startswith(("vocolab ", "python -c"))]


def words(line: str) -> list[str]:
    """As a shell gives them; what is redirected is left to `ran`."""
    return shlex.split(line, comments=True)


@pytest.fixture
def fresh(cli, tmp_path, monkeypatch):
    """`vocolab`, in a folder with the examples and the recordings that the pages speak of."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    take = speechlike(2.0, 48_000, 1)
    for name in ("take.wav", "takes/one.wav", "takes/two.wav", "chapter1.wav", "chapter2.wav"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        take.save(name)
    (tmp_path / "mine.toml").write_text(PRESET[1])
    (tmp_path / "raw.pcm").write_bytes(bytes(4 * 48_000))
    return cli


def ran(line: str, monkeypatch) -> int:
    """The exit code of a line; standard output goes where `>` says."""
    arguments = words(line)
    target = source = None
    if ">" in arguments:
        at = arguments.index(">")
        target, arguments = arguments[at + 1], arguments[:at]
    if "<" in arguments:
        at = arguments.index("<")
        source, arguments = arguments[at + 1], arguments[:at]
    expanded = [name for word in arguments for name in (sorted(map(str, Path().glob(word))) if "*" in word else [word])]
    if arguments[0] == "python":
        exec(compile(arguments[2], line, "exec"), {})
        return 0
    done = piped(monkeypatch, expanded[1:], Path(source or "take.wav").read_bytes())
    if target is not None:
        Path(target).write_bytes(done.out)
    return done.code


@pytest.mark.slow
@pytest.mark.parametrize("page", TAKEN)
def test_command_lines(fresh, page, monkeypatch):
    done = 0
    for line in lines(page):
        if any(part in line for part in LEFT_OUT):
            continue
        # Whether a made-up recording passes is no matter of the page.
        judged = any(word in line for word in ("--preset broadcast", "audiobook", "mine.toml"))
        assert ran(line, monkeypatch) in ((0, 1) if judged else (0,)), line
        done += 1
    assert done >= 4


@pytest.mark.slow
def test_snippets(fresh):
    (snippet,) = blocks("README.md", "python")
    exec(compile(snippet, "README.md", "exec"), {})
    assert Path("speech.mp3").stat().st_size > 0
    for page in ("mastering.md", "presets.md"):
        exec(compile(blocks(page, "python")[0], page, "exec"), {})


@pytest.mark.parametrize("page", sorted(set(PAGES) - {"text.md"}))
def test_every_option_of_a_command_line_is_there(page):
    for line in lines(page):
        if not line.startswith("vocolab "):
            continue
        arguments = words(line.partition(" > ")[0])[1:]
        context = click.Context(command_line, resilient_parsing=True)
        command: click.Command = command_line
        while isinstance(command, click.Group):
            name = next((word for word in arguments if not word.startswith("-")), "")
            found = command.get_command(context, name)
            if found is None:
                short = getattr(command, "short", None)
                found = command.get_command(context, short if isinstance(short, str) else short(arguments))
            else:
                arguments.remove(name)
            command = found
        known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        given = {word.partition("=")[0] for word in arguments if word.startswith("-") and word != "-"
                 and not word[1:2].isdigit()}
        assert given <= known, line


def test_every_link_of_a_page_leads_somewhere():
    for page, text in PAGES.items():
        folder = ROOT if page == "README.md" else ROOT / "docs"
        for target in re.findall(r"\]\(([\w./-]+\.\w+)(?:#[^)]*)?\)", text):
            assert (folder / target).exists(), f"{page}: {target}"


def test_nothing_in_readme_needs_an_extra():
    assert not [line for line in lines("README.md") if "--plot" in line or "--cross-check" in line or "--play" in line]


@pytest.mark.parametrize("there", ["nothing", "a mel", "a recording", "an array", "examples"])
def test_a_first_call_suggests_what_works(cli, tmp_path, there):
    import numpy as np

    if there == "a mel":
        shutil.copy(ROOT / "examples/kathleen.npy", tmp_path / "my mel.npy")
    if there == "a recording":
        speechlike(0.5, 22_050).save(tmp_path / "-take.wav")
    if there == "an array":
        np.save(tmp_path / "labels.npy", np.arange(80))
    if there == "examples":
        shutil.copytree(ROOT / "examples", tmp_path / "examples")
    said = cli().err.rstrip().splitlines()[-1].strip().removeprefix("Try: vocolab ")
    arguments = shlex.split(said)
    wanted = {"a mel": "render", "examples": "render", "a recording": "measure"}.get(there, "text")
    assert arguments[0] == wanted
    more = ("--vocoder", "griffinlim", "--set", "vocoder.iterations=2") if wanted == "render" else ()
    assert cli(*arguments, *more).code == 0, said
