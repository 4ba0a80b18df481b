"""What can't be exported says so in one line, and leaves nothing behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tiny_voices import SPEC, voice

import vocolab
from vocolab.errors import CallError, CheckpointError, DependencyMissing, OutputError, PluginError, UnknownName
from vocolab.onnx_export import exporting
from vocolab.voice import Voice


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A folder that is still empty when the test ends."""
    folder = tmp_path / "empty"
    folder.mkdir()
    yield folder
    assert list(folder.iterdir()) == []


def test_the_suffix_has_to_be_onnx(empty: Path) -> None:
    with pytest.raises(CallError, match=r"has to end in \.onnx"):
        vocolab.export("vocos-22k", empty / "model.pt")


def test_an_unknown_voice_is_named(empty: Path) -> None:
    with pytest.raises(UnknownName, match="vocos-22k"):
        vocolab.export("vocos-22", empty / "model.onnx")


def test_a_vocoder_without_exporter_says_which_have_one(empty: Path) -> None:
    made = Voice("griffinlim", {}, SPEC, {})
    with pytest.raises(CallError, match=r"griffinlim can't be exported.*hifigan.*vocos"):
        vocolab.export(made, empty / "model.onnx")


def test_a_voice_of_a_vocoder_that_is_not_installed(empty: Path) -> None:
    with pytest.raises(UnknownName, match="hourglass"):
        vocolab.export(Voice("hourglass", {}, SPEC, {}), empty / "model.onnx")


def test_a_voice_that_does_not_fit_its_config(empty: Path) -> None:
    good = voice("vocos")
    wrong = Voice("vocos", {**good.config, "dim": 32}, good.mel_spec, good.tensors)
    with pytest.raises(CheckpointError, match="does not fit its config"):
        vocolab.export(wrong, empty / "model.onnx")


def test_a_folder_that_is_not_there(empty: Path) -> None:
    with pytest.raises(OutputError, match="does not exist"):
        vocolab.export(voice("vocos"), empty / "gone" / "model.onnx")


def test_without_the_extra_the_pip_line_is_said(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "find_spec", lambda name: None if name == "onnxscript" else object())
    with pytest.raises(DependencyMissing, match=r"'onnxscript', which is not installed: pip install 'vocolab\[onnx\]'"):
        vocolab.export("vocos-22k", empty / "model.onnx")


def test_what_differs_from_torch_is_not_written(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def differs(model: Any, exportable: Any) -> Any:
        raise PluginError("onnxruntime is 1 away from torch")

    monkeypatch.setattr("vocolab.onnx_export.graph.build_model", lambda exportable, voice: None)
    monkeypatch.setattr("vocolab.onnx_export.agreement.check_agreement", differs)
    with pytest.raises(PluginError, match="away from torch"):
        vocolab.export(voice("vocos"), empty / "model.onnx")


def test_an_exporter_that_fails_is_its_plugins_fault(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for made, said in ((lambda voice: 1 / 0, "failed with ZeroDiv"), (lambda voice: 3, "gave int, not an Exp")):
        monkeypatch.setattr(exporting, "load_target", lambda entry, which, made=made: made)
        with pytest.raises(PluginError, match=f"vocos: its exporter {said}"):
            vocolab.export(voice("vocos"), empty / "model.onnx")
