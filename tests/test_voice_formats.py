"""Voice files: the format of before is read, and what a voice is for is kept."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from vocolab.errors import CheckpointError
from vocolab.mels.conventions import convention
from vocolab.voice import Voice, read_header

SPEC = convention("hifigan-22k")


def rewritten(path: Path, **changes: object) -> Path:
    """The file with other keys in its description; None takes one away."""
    with safe_open(path, "numpy") as file:
        document = json.loads(file.metadata()["vocolab"])
    document |= changes
    kept = {key: value for key, value in document.items() if value is not None or key == "mel_spec"}
    save_file(load_file(path), path, metadata={"vocolab": json.dumps(kept)})
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "v.safetensors"
    Voice("hifigan", {"a": 1}, SPEC, {"w": np.ones(3, np.float32)}, {"licence": "CC0-1.0"}).save(path)
    return path


def test_the_format_of_vocoders_only_is_read(file: Path) -> None:
    voice = Voice.load(rewritten(file, format=1, vocoder="hifigan", model=None, kind=None))
    assert (voice.model, voice.kind, voice.mel_spec, voice.config) == ("hifigan", "vocoder", SPEC, {"a": 1})
    voice.save(file)
    assert read_header(file)["format"] == 2


@pytest.mark.parametrize("kind", ["vocoder", "acoustic model", "aligner"])
@pytest.mark.parametrize("spec", [SPEC, None])
def test_a_voice_keeps_what_it_is_for(tmp_path: Path, kind: str, spec: object) -> None:
    path = tmp_path / "v.safetensors"
    Voice("liner", {}, spec, {"w": np.ones(3, np.float32)}, kind=kind).save(path)  # type: ignore[arg-type]
    loaded = Voice.load(path)
    assert (loaded.model, loaded.kind, loaded.mel_spec) == ("liner", kind, spec)


@pytest.mark.parametrize("changes", [{"format": 3}, {"format": 1, "model": None}])
def test_another_format_is_refused(file: Path, changes: dict[str, object]) -> None:
    with pytest.raises(CheckpointError, match="this vocolab reads formats 1 and 2"):
        Voice.load(rewritten(file, **changes))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"model": 5}, "model of the voice's description is a number and has to be text"),
        ({"kind": ["vocoder"]}, "kind of the voice's description is a list"),
        ({"config": "x"}, "config of the voice's description is text and has to be a table"),
        ({"provenance": [1]}, "provenance of the voice's description is a list"),
        ({"recommended": True}, "recommended of the voice's description is true or false"),
        ({"checksum": None}, "lacks 'checksum'"),
        ({"mel_spec": [{}]}, "mel_spec of the voice's description is a list"),
        ({"mel_spec": {}}, "not a mel convention"),
        ({"mel_spec": {**SPEC.to_dict(), "sample_rate": -22050}}, "sample_rate = -22050 has to be a whole number"),
        ({"mel_spec": {**SPEC.to_dict(), "sample_rate": 10**400}}, "has to be a whole number"),
        ({"mel_spec": {**SPEC.to_dict(), "fmax_hz": 10**400}}, "not a mel convention"),
        ({"mel_spec": {**SPEC.to_dict(), "window": {}}}, "window"),
        ({"config": {"dim": float("nan")}}, "NaN is no number"),
    ],
)
def test_what_a_description_can_not_mean_is_refused(file: Path, changes: dict[str, object], said: str) -> None:
    path = rewritten(file, **changes)
    for read in (read_header, Voice.load):
        with pytest.raises(CheckpointError, match=said):
            read(path)


@pytest.mark.parametrize("text", ["", "{", "[1]", "5", "null", "[" * 100_000, "9" * 5_000, '"x"', "{}"])
def test_a_description_that_is_no_table_of_ours_is_refused(file: Path, text: str) -> None:
    save_file({"w": np.ones(3, np.float32)}, file, metadata={"vocolab": text})
    with pytest.raises(CheckpointError, match=r"voice's description is|reads formats"):
        read_header(file)
