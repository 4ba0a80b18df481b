"""What is compiled is kept, used again without torch, and made again where it can't be trusted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tiny_engine_voices import hifigan

from vocolab.catalog import Catalog
from vocolab.engines import EngineChoice, cache
from vocolab.mels.plausible import plausible_mel
from vocolab.rendering import Renderer, open_vocoder


def opened(catalog: Catalog, engine: str, said: list[str]) -> Renderer:
    return open_vocoder(catalog, voice=hifigan(), engine=EngineChoice(engine, threads=1), on_note=said.append)


def audio(renderer: Renderer) -> np.ndarray:
    return renderer(plausible_mel(renderer.mel_spec, 20, np.random.default_rng(0))).samples


def test_a_voice_is_compiled_once(catalog: Catalog, engine: str) -> None:
    said: list[str] = []
    first = audio(opened(catalog, engine, said))
    assert said == [f"compiling hifigan for {engine}, once"]
    assert np.array_equal(audio(opened(catalog, engine, said)), first)
    assert len(said) == 1


@pytest.mark.parametrize("harm", ["cut", "other bytes", "empty", "of another machine"])
def test_a_file_that_is_not_whole_or_not_ours_is_made_again(
    catalog: Catalog, engine: str, kept: Path, harm: str
) -> None:
    said: list[str] = []
    first = audio(opened(catalog, engine, said))
    (file,) = (kept / "engines").glob("*.bin")
    data = file.read_bytes()
    file.write_bytes({
        "cut": data[:-100], "other bytes": data[:-50] + bytes(50), "empty": b"",
        "of another machine": data.replace(b'"processor": "', b'"processor": "0', 1),
    }[harm])
    assert np.array_equal(audio(opened(catalog, engine, said)), first)
    assert len(said) == 2  # compiled twice
    assert np.array_equal(audio(opened(catalog, engine, said)), first)
    assert len(said) == 2  # and kept


def test_bytes_that_the_runtime_refuses_are_made_again(catalog: Catalog, engine: str, kept: Path) -> None:
    from vocolab.engines import cache as files

    said: list[str] = []
    first = audio(opened(catalog, engine, said))
    (file,) = (kept / "engines").glob("*.bin")
    import json

    header = json.loads(file.read_bytes().partition(b"\n")[0])
    assert files.keep(file.name, header["identity"], files.Kept(header["facts"], b"no model")) == ""
    assert np.array_equal(audio(opened(catalog, engine, said)), first)
    assert len(said) == 2


def test_a_folder_that_can_not_be_written_costs_a_line(
    catalog: Catalog, engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a-file").write_text("in the way of the folder")
    monkeypatch.setenv("VOCOLAB_CACHE", str(tmp_path / "a-file"))
    said: list[str] = []
    assert audio(opened(catalog, engine, said)).size
    assert len(said) == 2 and "can't be kept" in said[1]


def test_what_is_kept_is_told_apart_by_weights_engine_version_and_precision(catalog: Catalog) -> None:
    names = {cache.digest({"weights": w, "engine_version": v, "precision": p}) for w in "ab" for v in "12"
             for p in ("fp32", "fast")}
    assert len(names) == 8


def test_a_compiled_voice_renders_without_torch(catalog: Catalog, engine: str, tmp_path: Path) -> None:
    hifigan().save(tmp_path / "tiny.safetensors")
    np.save(tmp_path / "mel.npy", plausible_mel(hifigan().mel_spec, 30, np.random.default_rng(0)))  # type: ignore[arg-type]
    code = (
        "import sys, numpy as np, vocolab\n"
        f"r = vocolab.vocoder(voice={str(tmp_path / 'tiny.safetensors')!r}, engine={engine!r}, threads=1)\n"
        f"a = r(np.load({str(tmp_path / 'mel.npy')!r}))\n"
        "assert a.samples.shape == (1, 30 * 256)\n"
        "print('torch' in sys.modules)\n"
    )
    told = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
            for _ in range(2)]
    assert told == ["True", "False"]
