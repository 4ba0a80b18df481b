"""A voice as a wheel."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from email.parser import Parser
from pathlib import Path

import numpy as np
import pytest

from vocolab import toml
from vocolab.catalog import Catalog
from vocolab.errors import CallError
from vocolab.mels.spec import MelSpec
from vocolab.plugins.host import PluginHost
from vocolab.voice import Voice
from vocolab.voices.packing import voice_package, write_package, write_wheel

BUILTIN = Catalog(PluginHost(allow=frozenset()))


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "anna-22k.safetensors"
    told = {"trained_on": "Anna | reads", "licence": ""}
    Voice("griffinlim", {}, MelSpec(sample_rate=22050), {"w": np.ones(9, np.float16)}, told).save(path)
    return str(path)


def test_the_wheel_is_one(file: str, tmp_path: Path) -> None:
    wheel = write_wheel(voice_package(BUILTIN, file, licence="CC-BY-4.0"), tmp_path)
    assert wheel.name == "vocolab_anna_22k-0.1.0-py3-none-any.whl"
    archive = zipfile.ZipFile(wheel)
    read = {name: archive.read(name) for name in archive.namelist()}
    info = "vocolab_anna_22k-0.1.0.dist-info"
    facts = Parser().parsestr(read[f"{info}/METADATA"].decode())
    assert (facts["Name"], facts["License-Expression"]) == ("vocolab-anna-22k", "CC-BY-4.0")
    assert "Anna / reads" in facts.get_payload()
    for line in read[f"{info}/RECORD"].decode().splitlines():
        name, digest, _ = line.rsplit(",", 2)
        if digest:
            found = base64.urlsafe_b64encode(hashlib.sha256(read[name]).digest()).rstrip(b"=").decode()
            assert digest == f"sha256={found}"
    manifest = toml.loads(read["vocolab_anna_22k/plugin.toml"].decode())
    assert manifest["voices"][0]["file"] == "anna-22k.safetensors"
    (tmp_path / "out").mkdir()
    archive.extract("vocolab_anna_22k/anna-22k.safetensors", tmp_path / "out")
    packed = Voice.load(tmp_path / "out" / "vocolab_anna_22k" / "anna-22k.safetensors")
    assert packed.provenance["licence"] == "CC-BY-4.0" and packed.tensors["w"].dtype == np.float16
    again = write_wheel(voice_package(BUILTIN, file, licence="CC-BY-4.0"), tmp_path / "out")
    assert again.read_bytes() == wheel.read_bytes()


def test_a_source_tree(file: str, tmp_path: Path) -> None:
    folder = write_package(BUILTIN, file, tmp_path, licence="CC0-1.0", name="anna")
    assert toml.loads((folder / "pyproject.toml").read_text())["project"]["license"] == "CC0-1.0"
    assert (folder / "src" / "vocolab_anna" / "anna.safetensors").is_file()
    with pytest.raises(CallError, match="there already"):
        write_package(BUILTIN, file, tmp_path, licence="CC0-1.0", name="anna")


@pytest.mark.parametrize(
    ("more", "words"),
    [({"licence": "<none>"}, "SPDX"), ({"licence": "MIT", "name": "Ann a"}, "no name of a voice"),
     ({"licence": "MIT", "version": "one"}, "no version")],
)
def test_what_is_not_packed(file: str, more: dict[str, str], words: str) -> None:
    with pytest.raises(CallError, match=words):
        voice_package(BUILTIN, file, **more)


def test_a_licence_that_the_voice_does_not_state() -> None:
    with pytest.raises(CallError, match=r"states the licence 'CC0-1\.0', and --license says 'MIT'"):
        voice_package(BUILTIN, "vocos-22k", licence="MIT")


def test_what_a_voice_says_stays_in_its_place(tmp_path: Path) -> None:
    told = {"data|x\nRequires-Dist: evil": "a\rb\u2028c\n# Head | d", "licence": "CC0-1.0"}
    file = str(tmp_path / "a.safetensors")
    Voice("griffinlim", {}, MelSpec(sample_rate=22050), {"w": np.ones(9, np.float16)}, told).save(file)
    made = voice_package(BUILTIN, file, licence="CC0-1.0", version=" 1.0\n")
    assert made.version == "1.0" and "| data/x Requires-Dist: evil | a b c # Head / d |" in made.words()["card"]
    wheel = write_wheel(made, tmp_path)
    assert all(".." not in name and not name.startswith("/") for name in zipfile.ZipFile(wheel).namelist())
    with pytest.raises(CallError, match="no name of a voice"):
        voice_package(BUILTIN, file, licence="CC0-1.0", name="../x")
