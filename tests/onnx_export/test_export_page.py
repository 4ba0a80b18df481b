"""The examples of docs/export.md run as they are printed, in a Python that has neither torch nor vocolab."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from exported_graph import Graph

from vocolab.catalog import Catalog
from vocolab.mels.plausible import plausible_mel

pytestmark = pytest.mark.slow

PAGE = Path(__file__).resolve().parents[2] / "docs" / "export.md"
ABSENT = ("torch", "vocolab", "onnx", "onnxscript", "scipy", "soundfile", "safetensors")
FRAMES = 20


def example(file_name: str) -> str:
    """The page's code that opens this file."""
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (found,) = [block for block in blocks if f'"{file_name}"' in block]
    return found


def run_without_vocolab(code: str, folder: Path) -> None:
    blocked = f"import sys\nfor name in {ABSENT!r}: sys.modules[name] = None\n"
    saved = "\nimport numpy; numpy.save('audio.npy', audio)\n"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", blocked + code + saved], cwd=folder, capture_output=True, text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a mel."""
    from tiny_voices import SPEC

    np.save(tmp_path / "mel.npy", plausible_mel(SPEC, FRAMES, np.random.default_rng(0)))
    return tmp_path


def test_a_mel_is_rendered(graph: Callable[[str], Graph], folder: Path) -> None:
    made = graph("vocos")
    shutil.copy(made.path, folder / "vocos.onnx")
    run_without_vocolab(example("vocos.onnx"), folder)
    vocoder = Catalog.installed().vocoders.create("vocos", {}, made.voice)
    wanted = vocoder.render(np.load(folder / "mel.npy"))
    np.testing.assert_allclose(np.load(folder / "audio.npy"), wanted, atol=1e-4)
    with wave.open(str(folder / "speech.wav")) as file:
        assert (file.getframerate(), file.getnchannels(), file.getnframes()) == (22050, 1, FRAMES * 256)
        written = np.frombuffer(file.readframes(FRAMES * 256), "<i2") / 32767
    np.testing.assert_allclose(written, wanted.clip(-1, 1), atol=1e-4)


@pytest.mark.parametrize("name", ["waveglow", "diffwave", "diffwave, own"])
def test_the_noise_is_the_callers(graph: Callable[[str], Graph], folder: Path, name: str) -> None:
    file_name = f"{name.partition(',')[0]}.onnx"
    shutil.copy(graph(name).path, folder / file_name)
    run_without_vocolab(example(file_name), folder)
    audio = np.load(folder / "audio.npy")
    assert audio.shape[-1] == FRAMES * 256
    assert np.isfinite(audio).all()
    assert np.ptp(audio) > 0


def test_every_vocoder_that_can_be_exported_is_named() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for entry in Catalog.installed(no_plugins=True).vocoders.entries():
        if entry.spec.exporter:
            assert f"`{entry.name}`" in text
