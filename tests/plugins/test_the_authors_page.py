"""docs/plugins.md, executed: its commands as they are printed, its files where it says, its examples one by one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from package_index import package_index
from test_wheel import ROOT, Environment, build

import vocolab

PAGE = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"(?P<before>[^\n]*)\n\n?```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"`(?P<place>[\w/-]+\.(?:py|toml))`[^`]*:$")
OFFLINE = {"python -m build --wheel": "python -m build --wheel --no-isolation", "ruff check": "python -m ruff check"}
"""What is run otherwise than it is printed: nothing is downloaded, and ruff's module has no script of its own here."""


@dataclass(frozen=True)
class Block:
    """A block of the page."""

    section: str
    """The heading that it stands under."""
    language: str
    text: str
    place: str
    """The file that it is the text of; empty for an example, or for commands."""


def blocks() -> list[Block]:
    found = []
    for one in BLOCK.finditer(PAGE):
        headings = re.findall(r"^#+ (.*)$", PAGE[: one.start("text")], re.MULTILINE)
        named = NAMED.search(one["before"])
        found.append(Block(headings[-1], one["language"], one["text"], named["place"] if named else ""))
    return found


def under(section: str) -> list[Block]:
    return [block for block in blocks() if block.section == section]


def test_every_block_is_one_of_those_that_are_executed() -> None:
    """The tree of a folder apart."""
    left = [block for block in blocks() if block.language not in ("console", "python", "toml")]
    assert [block.section for block in left] == ["An effect in three files"]
    assert {block.section for block in blocks() if block.language == "console"} == {
        "Begin", "Change ten lines", "Publish", "Use it elsewhere", "An effect in three files"}


def test_the_examples_run_in_their_order() -> None:
    names: dict[str, Any] = {"__name__": "example"}
    for block in blocks():
        if block.language == "python" and not block.place:
            exec(compile(block.text, f"docs/plugins.md, {block.section}", "exec"), names)
    spec = vocolab.MelSpec(sample_rate=22_050)
    trained = names["build"]({"channels": 4}, spec)
    mel = names["torch"].zeros(1, spec.n_mels, 3)
    assert trained.render(trained.network, mel).shape == (1, 3 * spec.hop_samples)
    voice = trained.export({name: value.detach() for name, value in trained.network.state_dict().items()})
    assert voice.model == "mine"
    audio = vocolab.Audio(np.ones((1, 5), np.float32), 48_000)
    assert names["Doubler"](vocolab.EffectOptions())(audio).samples.shape == (1, 10)
    assert [language.tags for language in names["vocolab_languages"]()] == [("fr-FR", "fr")]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """vocolab's wheel."""
    return build(ROOT, tmp_path_factory.mktemp("home"))


def environment(home: Path, folder: Path) -> Environment:
    folder.mkdir()
    made = Environment(folder)
    made.install(home)
    made.borrow_dependencies()
    made.borrow_scripts("pip", "pytest", "mypy", "twine")
    sound = np.random.default_rng(0).normal(0, 0.05, 22_050).astype(np.float32)
    vocolab.Audio.mono(sound, 22_050).save(made.empty / "speech.wav")
    return made


def follow(section: str, made: Environment, folder: Path, **variables: str) -> None:
    """Write the files of a section, and run its commands; a `cd` that stands alone is where the next ones run."""
    for block in under(section):
        if block.place:
            (folder / block.place).parent.mkdir(parents=True, exist_ok=True)
            (folder / block.place).write_text(block.text)
        if block.language == "console":
            text = block.text
            for printed, run in OFFLINE.items():
                text = text.replace(printed, run)
            done = made.shell(text, folder, **variables)
            assert done.returncode == 0, f"{section}:\n{done.stderr}\n{done.stdout}"


NOTHING_IS_FETCHED = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0",
                      "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


@pytest.mark.slow
def test_from_nothing_to_a_published_package(home: Path, tmp_path: Path) -> None:
    pytest.importorskip("editables", reason="pip install -e takes it where builds are not isolated")
    author = environment(home, tmp_path / "author")
    follow("Begin", author, author.empty, **NOTHING_IS_FETCHED)
    package = author.empty / "vocolab-warm"
    follow("Change ten lines", author, package, **NOTHING_IS_FETCHED)
    pytest.importorskip("twine.commands.upload", reason="twine is not installed: up to the upload all of it holds")
    uploads = tmp_path / "uploads"
    uploads.mkdir()
    with package_index(uploads) as address:
        follow("Publish", author, package, TWINE_REPOSITORY_URL=f"{address}/", TWINE_USERNAME="a", TWINE_PASSWORD="b",
               TWINE_NON_INTERACTIVE="1")
        user = environment(home, tmp_path / "user")
        follow("Use it elsewhere", user, user.empty, PIP_INDEX_URL=f"{address}/simple", PIP_NO_DEPS="1",
               PIP_DISABLE_PIP_VERSION_CHECK="1")
    loudness = vocolab.measure(vocolab.Audio.load(user.empty / "finished.wav"))
    assert loudness.integrated_lufs == pytest.approx(-16.0, abs=0.5)


@pytest.mark.slow
def test_an_effect_in_three_files(home: Path, tmp_path: Path) -> None:
    pytest.importorskip("editables", reason="pip install -e takes it where builds are not isolated")
    author = environment(home, tmp_path / "author")
    package = author.empty / "vocolab-saturate"
    (package / "src" / "vocolab_saturate").mkdir(parents=True)
    (package / "src" / "vocolab_saturate" / "__init__.py").touch()
    follow("An effect in three files", author, package, **NOTHING_IS_FETCHED)
