"""Whose checkpoint it is: vocoders are asked, and what they say is held together."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from plugin_fakes import module, publish, vocoder

import vocolab
from vocolab.catalog import Catalog
from vocolab.checkpoints import Checkpoint, Conversion, convert_checkpoint
from vocolab.errors import CallError, CheckpointError, PluginError, UnknownName
from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab.plugins.host import PluginHost
from vocolab.voice import Voice

SPEC = convention("hifigan-22k")


def knows(key: str) -> Any:
    return lambda checkpoint: f"with {key}" if key in checkpoint.content else None


def converts(name: str) -> Any:
    def convert(checkpoint: Checkpoint, mel_spec: MelSpec | None) -> Conversion:
        voice = Voice(name, {}, mel_spec or SPEC, {"x": np.ones(1, np.float32)}, {"steps": 5, "source": "theirs"})
        return Conversion(voice, f"{name}'s layout", ("something",))

    return convert


def remarks(checkpoint: Checkpoint) -> str | None:
    if "rival" in checkpoint.content:
        raise CheckpointError(f"{checkpoint.path}: holds rivals")
    return None


def breaks(*_: Any) -> Any:
    raise ZeroDivisionError("oh")


@pytest.fixture
def catalog(monkeypatch: pytest.MonkeyPatch) -> Catalog:
    functions = module("p_convert", knows_a=knows("a"), knows_b=knows("b"), convert_a=converts("one"),
                       convert_b=converts("two"), breaks=breaks, remarks=remarks, nothing=lambda *_: None)
    publish(monkeypatch, functions)
    specs = [
        vocoder("broken", recogniser="p_convert:breaks", converter="p_convert:breaks"),
        vocoder("missing", recogniser="p_nowhere:x", converter="p_nowhere:x"),
        vocoder("rivals", recogniser="p_convert:remarks"),
        vocoder("one", recogniser="p_convert:knows_a", converter="p_convert:convert_a"),
        vocoder("two", recogniser="p_convert:knows_b", converter="p_convert:convert_b"),
        vocoder("shy", converter="p_convert:convert_b"),
        vocoder("wrong", converter="p_convert:nothing"),
        vocoder("none", needs_voice=False),
    ]
    host = PluginHost([])
    host.register(module("home", vocolab_vocoders=lambda: specs), "home", dist="vocolab")
    return Catalog(host)


def write(folder: Path, *keys: str) -> Path:
    torch.save({key: torch.ones(2) for key in keys}, folder / "x.pt")
    return folder / "x.pt"


def test_the_one_that_knows_it_converts_it(catalog: Catalog, tmp_path: Path) -> None:
    path = write(tmp_path, "b")
    conversion = convert_checkpoint(catalog, path)
    assert conversion.voice.model == "two"
    assert conversion.layout == "two's layout"
    assert conversion.assumptions == ("something",)
    assert conversion.voice.provenance == {
        "assumed": ["something"], "steps": 5, "source": "x.pt",
            "source_sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "source_layout": "two's layout",
    }


def test_the_convention_reaches_the_converter(catalog: Catalog, tmp_path: Path) -> None:
    spec = convention("nemo-22k")
    assert convert_checkpoint(catalog, write(tmp_path, "a"), "one", mel_spec=spec).voice.mel_spec == spec


def test_a_wrong_vocoder_is_told_whose_it_is(catalog: Catalog, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"is a checkpoint of vocolab/one \(with a\), not of two"):
        convert_checkpoint(catalog, write(tmp_path, "a"), "two")
    with pytest.raises(CheckpointError, match="not a checkpoint of two; it holds c, d"):
        convert_checkpoint(catalog, write(tmp_path, "c", "d"), "two")


def test_several_that_know_it_are_named(catalog: Catalog, tmp_path: Path) -> None:
    path = write(tmp_path, "a", "b")
    with pytest.raises(CheckpointError, match=r"vocolab/one: with a; vocolab/two: with b.*--model"):
        convert_checkpoint(catalog, path)
    assert convert_checkpoint(catalog, path, "two").voice.model == "two"


def test_nobody_knows_it(catalog: Catalog, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"not a checkpoint that .*one, two recognises; it holds c"):
        convert_checkpoint(catalog, write(tmp_path, "c"))
    with pytest.raises(CheckpointError, match="holds rivals"):
        convert_checkpoint(catalog, write(tmp_path, "rival"))
    assert convert_checkpoint(catalog, write(tmp_path, "rival", "a")).voice.model == "one"


def test_a_vocoder_without_a_recogniser_is_taken_at_its_name(catalog: Catalog, tmp_path: Path) -> None:
    assert convert_checkpoint(catalog, write(tmp_path, "c"), "shy").layout == "two's layout"


def test_vocoders_that_cannot_convert(catalog: Catalog, tmp_path: Path) -> None:
    path = write(tmp_path, "a")
    with pytest.raises(CallError, match="none reads no published checkpoints"):
        convert_checkpoint(catalog, path, "none")
    with pytest.raises(UnknownName, match="nobody"):
        convert_checkpoint(catalog, path, "nobody")
    with pytest.raises(PluginError, match=r"broken: its recogniser failed with ZeroDivisionError: oh"):
        convert_checkpoint(catalog, path, "broken")
    with pytest.raises(PluginError, match="returned NoneType, not a Conversion"):
        convert_checkpoint(catalog, path, "wrong")


def test_what_a_converter_says_names_the_file(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(checkpoint: Checkpoint, mel_spec: MelSpec | None) -> Conversion:
        raise CheckpointError("it lacks x")

    monkeypatch.setattr("p_convert.convert_a", refuses)
    path = write(tmp_path, "a")
    with pytest.raises(CheckpointError) as caught:
        convert_checkpoint(catalog, path)
    assert str(caught.value) == f"{path}: it lacks x"


def test_in_python(catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vocolab.api.Catalog.installed", classmethod(lambda cls: catalog))
    conversion = vocolab.convert(write(tmp_path, "a"), mel_spec="nemo-22k")
    assert conversion.voice.mel_spec == convention("nemo-22k")
    conversion.voice.save(tmp_path / "voice.safetensors")
    assert Voice.load(tmp_path / "voice.safetensors").provenance["source"] == "x.pt"
