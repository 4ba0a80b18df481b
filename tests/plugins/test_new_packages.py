"""`vocolab plugins new`: each kind installs from its wheel, passes tests and contract, lints, types, and works."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from test_wheel import ROOT, Environment, build

import vocolab
from vocolab import toml
from vocolab.cli.plugin_making import KIND_NAMES
from vocolab.errors import CallError
from vocolab.plugins.scaffold import KINDS, new_package

USES: dict[str, tuple[tuple[str, ...], str]] = {
    "effect": (("effects", "mine"), "drive_db"),
    "detector": (("inspect", "in.wav"), "quiet"),
    "vocoder": (("render", "mel.npy", "--vocoder", "mine", "--mel-spec", "hifigan-22k", "-o", "a.wav"), ""),
    "acoustic-model": (("say", "Hello.", "--voice", "mine", "--vocoder", "griffinlim", "-o", "b.wav"), ""),
    "synthesizer": (("say", "Hello.", "--voice", "mine", "-o", "c.wav"), ""),
    "preset": (("master", "in.wav", "--preset", "mine", "-o", "d.wav"), ""),
    "command": (("mine", "in.wav"), "0.500 s"),
    "convention": (("conventions", "mine"), "16000"),
    "language": (("text", "We are 3.", "--language", "mine"), "three"),
    "engine": (("render", "mel.npy", "--voice", "vocos-22k", "--engine", "mine", "-o", "e.wav"), ""),
}


def test_every_kind_is_used() -> None:
    """And offered on the command line, beside `voice`, which is packed of one that is there."""
    assert USES.keys() == KINDS.keys() == set(KIND_NAMES) - {"voice"}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written(kind: str, tmp_path: Path) -> None:
    folder = new_package("warm-thing", kind, tmp_path)
    assert folder.name == "vocolab-warm-thing"
    texts = {path: path.read_text() for path in folder.rglob("*") if path.is_file()}
    for path, text in texts.items():
        if path.suffix == ".py":
            compile(text, str(path), "exec")
        if path.suffix == ".toml":
            assert toml.loads(text)
        if path.name != "test.yml":
            assert "$" not in text, path
    names = {path.relative_to(folder).as_posix() for path in texts}
    assert {"pyproject.toml", "README.md", "LICENSE", ".github/workflows/test.yml",
            "src/vocolab_warm_thing/plugin.toml", "src/vocolab_warm_thing/py.typed"} <= names
    with pytest.raises(CallError, match="there already"):
        new_package("warm-thing", kind, tmp_path)


@pytest.mark.parametrize(("name", "kind", "words"), [("Wa rm", "effect", "no name"), ("warm", "engin", "no kind")])
def test_what_can_t_be_made(name: str, kind: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(CallError, match=words):
        new_package(name, kind, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """vocolab's wheel."""
    return build(ROOT, tmp_path_factory.mktemp("home"))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_it_installs_tests_lints_and_works(kind: str, home: Path, tmp_path: Path) -> None:
    source = new_package("mine", kind, tmp_path / "source")
    environment = Environment(tmp_path)
    built = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-index", "--no-build-isolation", "--quiet", "-w",
         tmp_path, source], capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    environment.install(home, *tmp_path.glob("vocolab_mine-*.whl"))
    environment.borrow_dependencies()
    audio = vocolab.Audio.mono(np.random.default_rng(0).normal(0, 0.05, 11_025).astype(np.float32), 22_050)
    audio.save(environment.empty / "in.wav")
    np.save(environment.empty / "mel.npy", vocolab.mel(audio, "hifigan-22k").values)
    (environment.empty / "pyproject.toml").write_text((source / "pyproject.toml").read_text())
    tested = environment.python("-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", source, "--vocolab",
                                "vocolab-mine", source / "tests")
    assert tested.returncode == 0, tested.stdout
    arguments, words = USES[kind]
    used = environment.vocolab(*arguments)
    assert used.returncode == 0 and words in used.stdout, used.stdout + used.stderr
    types = ("-m", "mypy", "--strict", "--cache-dir", home.parent / "mypy", source / "src" / "vocolab_mine")
    for tool in (("-m", "ruff", "check", source), types):  # the cache spares all kinds but the first reading torch
        checked = environment.python(*tool)
        assert checked.returncode == 0, checked.stdout + checked.stderr
