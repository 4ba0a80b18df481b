"""ming024's checkpoints: what its code computes for given weights, and what can't be meant."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from conformance import write_checkpoint
from speech_fakes import sentence

from vocolab.catalog import Catalog
from vocolab.checkpoints.conversion import Conversion, convert_checkpoint
from vocolab.errors import CheckpointError
from vocolab_fastspeech2.ming024_symbols import SYMBOLS
from vocolab_fastspeech2.model import FastSpeech2
from vocolab_fastspeech2.options import FastSpeech2Options
from vocolab_fastspeech2.spoken_form import SpokenForm

GIVEN = Path(__file__).parents[3] / "shared" / "conformance"
needs_given = pytest.mark.skipif(not GIVEN.is_dir(), reason="needs ../shared/conformance")


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Conversion:
    """The conformance checkpoint, the optimiser's numpy number in it as the published file has it."""
    path = write_checkpoint(GIVEN / "fastspeech2", tmp_path_factory.mktemp("ming024") / "900000.pth.tar")
    content = torch.load(path, weights_only=True)
    torch.save({**content, "optimizer": {"param_groups": [{"lr": np.float64(1e-4)}]}}, path)
    return convert_checkpoint(Catalog.installed(), path)


def form(ids: np.ndarray, rate: float) -> SpokenForm:
    """Symbols by their numbers, all said at this rate."""
    ones, zeros = np.ones(len(ids), np.float32), np.zeros(len(ids), np.float32)
    return SpokenForm(("x",) * len(ids), ids, (0,) * len(ids), ones * np.float32(rate), zeros, ones, zeros,
                      (None,) * len(ids))


@needs_given
@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize(("slowness", "name"), [(1.0, "mel_postnet"), (1.5, "mel_postnet_slow")])
def test_mels_are_those_of_the_published_code(
    converted: Conversion, number: int, slowness: float, name: str
) -> None:
    folder = GIVEN / "fastspeech2"
    ids, outputs = np.load(folder / "inputs.npz")[f"ids_{number}"], np.load(folder / "outputs.npz")
    voice = FastSpeech2(FastSpeech2Options(published_controls=True), converted.voice)
    said = voice.speaking.say(form(ids, 1 / slowness), 0)
    np.testing.assert_allclose(said.mel, outputs[f"{name}_{number}"].T, atol=1e-4)


@needs_given
def test_it_speaks_sentences(converted: Conversion) -> None:
    said = FastSpeech2(FastSpeech2Options(), converted.voice).synthesize(sentence())
    assert said.symbols.count("sp") == 1
    assert all(frames > 0 for frames, word in zip(said.durations_frames, said.words, strict=True) if word >= 0)


@needs_given
def test_the_symbols_are_in_the_published_order() -> None:
    assert list(SYMBOLS) == json.loads((GIVEN / "fastspeech2_symbols.json").read_text())


@needs_given
def test_what_is_missing_beside_it_is_named(tmp_path: Path) -> None:
    path = write_checkpoint(GIVEN / "fastspeech2", tmp_path / "900000.pth.tar")
    (tmp_path / "config.json").unlink()
    with pytest.raises(CheckpointError, match=r"preprocess\.yaml is missing"):
        convert_checkpoint(Catalog.installed(), path)


@pytest.mark.parametrize(("kind", "names"), [
    ("ESPnet", ("tts.encoder.encoders.0.self_attn.linear_q.weight", "tts.duration_predictor.conv.0.0.weight",
                "tts.feat_out.weight")),
    ("FastPitch", ("encoder.layers.0.dec_attn.qkv_net.weight", "duration_predictor.layers.0.conv.weight",
                   "pitch_emb.weight")),
])  # fmt: skip
def test_relatives_are_named_and_refused(tmp_path: Path, kind: str, names: tuple[str, ...]) -> None:
    path = tmp_path / "model.pth"
    torch.save({name: torch.zeros(2, 2) for name in names}, path)
    with pytest.raises(CheckpointError, match=kind):
        convert_checkpoint(Catalog.installed(), path)
