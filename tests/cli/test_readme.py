"""README's command lines and snippets, run as they stand in a folder that holds the examples and nothing else."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.DOTALL | re.MULTILINE)


def calls() -> list[list[str]]:
    """The arguments of every `vocolab` in a console block, as a shell gives them, patterns aside."""
    lines = [line for block in blocks("console") for line in block.splitlines()]
    commands = [shlex.split(part, comments=True) for line in lines for part in line.split("&&")]
    return [words[1:] for words in commands if words[0] == "vocolab"]


@pytest.fixture
def fresh(cli, tmp_path):
    """`vocolab`, in a folder with README's examples."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    return cli


def expanded(word: str) -> list[str]:
    return sorted(str(path) for path in Path().glob(word)) if "*" in word else [word]


@pytest.mark.slow
def test_command_lines(fresh):
    ran = 0
    for call in calls():
        result = fresh(*(name for word in call for name in expanded(word)))
        assert result.code == 0, f"vocolab {shlex.join(call)}\n{result.err}"
        ran += 1
    assert ran >= 6


@pytest.mark.slow
def test_snippets(fresh):
    (snippet,) = blocks("python")
    exec(compile(snippet, "README.md", "exec"), {})
    assert Path("speech.mp3").stat().st_size > 0


def test_nothing_in_the_command_lines_needs_an_extra():
    assert not [call for call in calls() if "--plot" in call or "--cross-check" in call]
