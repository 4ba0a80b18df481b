"""The packages in examples/ and packages of voices: built, installed beside vocolab's wheel, tested, and used."""

from __future__ import annotations

import shutil
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from test_wheel import ROOT, Environment, build
from tiny_voices import voice as tiny_voice

import vocolab
from vocolab.catalog import Catalog
from vocolab.plugins.host import PluginHost
from vocolab.voice import Voice
from vocolab.voices.packing import voice_package, write_package, write_wheel

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """vocolab's wheel."""
    return build(ROOT, tmp_path_factory.mktemp("home"))


def environment(folder: Path, *wheels: Path) -> Environment:
    made = Environment(folder)
    made.install(*wheels)
    made.borrow_dependencies()
    sound = np.random.default_rng(0).normal(0, 0.05, 11_025).astype(np.float32)
    np.save(made.empty / "mel.npy", vocolab.mel(vocolab.Audio.mono(sound, 22_050), "hifigan-22k").values)
    return made


def example(name: str, folder: Path) -> Path:
    """A copy of its source tree, in which pip may build."""
    return Path(shutil.copytree(ROOT / "examples" / name, folder / name.replace("-", "_")))


def check(made: Environment, source: Path, package: str, cache: Path) -> None:
    """Its own tests, its contracts, ruff and mypy."""
    (made.empty / "pyproject.toml").write_text((source / "pyproject.toml").read_text())
    module = package.replace("-", "_")
    tests = ("-q", "-p", "no:cacheprovider", "--rootdir", source, "--vocolab", package, source / "tests")
    for tool in (("pytest", *tests),
                 ("ruff", "check", source), ("mypy", "--strict", "--cache-dir", cache, source / "src" / module)):
        done = made.python("-m", *tool)
        assert done.returncode == 0, done.stdout + done.stderr


def without_biases(voice: Voice) -> Voice:
    """What random biases give is an offset, which is not loud and leaves no room for what is."""
    silent = {name: np.zeros_like(values) for name, values in voice.tensors.items() if name.endswith("bias")}
    return replace(voice, tensors={**voice.tensors, **silent})


def test_a_vocoder_that_runs_an_onnx_file(home: Path, tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    source = example("vocolab-onnx-file", tmp_path)
    made = environment(tmp_path, home, build(source, tmp_path))
    check(made, source, "vocolab-onnx-file", home.parent / "mypy")
    without_biases(tiny_voice("hifigan")).save(made.empty / "tiny.safetensors")
    exported = made.vocolab("export", "tiny.safetensors", "-o", "tiny.onnx")
    assert exported.returncode == 0, exported.stderr
    assert made.vocolab("onnx-file", "tiny.onnx").stdout.startswith("hifigan: 80 bands at 22050 Hz")
    done = made.vocolab("render", "mel.npy", "--vocoder", "onnx-file", "--set", "vocoder.file=tiny.onnx", "--preset",
                        "onnx-file", "--mel-spec", "hifigan-22k", "-o", "a.wav")
    assert done.returncode == 0, done.stderr
    heard = vocolab.measure(vocolab.Audio.load(made.empty / "a.wav"))
    assert heard.integrated_lufs == pytest.approx(-16.0, abs=0.5)


def test_a_complete_text_to_speech_package(home: Path, tmp_path: Path) -> None:
    if find_spec("hibari") is None:
        pytest.skip("needs the package hibari-tts")
    source = example("vocolab-hibari", tmp_path)
    made = environment(tmp_path, home, build(source, tmp_path))
    check(made, source, "vocolab-hibari", home.parent / "mypy")
    said = made.vocolab("say", "Hello there. We are 3.", "--voice", "hibari", "-o", "a.wav", "--preset", "podcast")
    assert said.returncode == 0, said.stderr
    assert vocolab.Audio.load(made.empty / "a.wav").seconds > 1.0


def test_voices_packed_in_two_ways(home: Path, tmp_path: Path) -> None:
    """`voices pack` and `plugins new --kind voice`: both are listed with their licences, and render."""
    catalog, file = Catalog(PluginHost(allow=frozenset())), tmp_path / "tiny.safetensors"
    tiny_voice("hifigan").save(file)
    packed = write_wheel(voice_package(catalog, str(file), licence="CC-BY-4.0", name="berta"), tmp_path)
    source = write_package(catalog, str(file), tmp_path, licence="CC0-1.0", name="anna")
    source = source.rename(tmp_path / "vocolab_anna")
    made = environment(tmp_path, home, packed, build(source, tmp_path))
    check(made, source, "vocolab-anna", home.parent / "mypy")
    listed = made.vocolab("voices").stdout
    for name, licence in (("anna", "CC0-1.0"), ("berta", "CC-BY-4.0")):
        assert any(line.startswith(name) and licence in line for line in listed.splitlines()), listed
        done = made.vocolab("render", "mel.npy", "--voice", name, "-o", f"{name}.flac")
        assert done.returncode == 0, done.stderr
        told = made.vocolab("inspect", f"{name}.flac").stdout
        assert licence in told, told
