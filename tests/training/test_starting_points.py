"""Every voice that is inside, and every published family that converts, can be fine-tuned."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from conformance import PUBLISHED, write_checkpoint

from vocolab.catalog import Catalog
from vocolab.checkpoints import open_checkpoint
from vocolab.plugins.host import PluginHost
from vocolab.plugins.targets import load_target
from vocolab.training.recipe import Recipe
from vocolab.training.starting_point import StartingPoint
from vocolab.voice import Voice

CATALOG = Catalog(PluginHost(allow=frozenset()))
TRAINED = {entry.name for entry in CATALOG.vocoders.entries() if entry.spec.trainer}
INSIDE = [entry.qualified for entry in CATALOG.voices.entries() if entry.spec.model in TRAINED]
ROUNDING = 2e-7
"""Weight norm that is unfolded and folded again gives weights back to the last bit or so."""


def assert_continues(voice: Voice) -> None:
    start = StartingPoint("voice", voice)
    build = load_target(CATALOG.vocoders.get(voice.model), "trainer")
    trainable = build(start.model(Recipe(), voice.model), start.mel_spec(Recipe()))
    start.apply(trainable)
    again = trainable.export(trainable.network.state_dict())
    assert set(again.tensors) == set(voice.tensors) and again.mel_spec == voice.mel_spec
    assert {key: again.config[key] for key in voice.config} == voice.config
    for name, tensor in voice.float32().items():
        np.testing.assert_allclose(again.tensors[name], tensor, rtol=1e-5, atol=ROUNDING, err_msg=name)


@pytest.mark.parametrize("name", INSIDE)
def test_a_voice_inside(name: str) -> None:
    assert_continues(CATALOG.voices.load(name))


@pytest.mark.slow
@pytest.mark.parametrize("model", ["hifigan_v1", "vocos", "waveglow", "diffwave", "bigvgan_v1", "bigvgan_v2"])
def test_a_published_checkpoint(model: str, tmp_path: Path) -> None:
    folder, vocoder = PUBLISHED / model, model.split("_")[0]
    file = write_checkpoint(folder, tmp_path / ("pytorch_model.bin" if vocoder == "vocos" else "generator.pt"))
    convert = load_target(CATALOG.vocoders.get(vocoder), "converter")
    assert_continues(convert(open_checkpoint(file), None).voice)
