"""Published Vocos checkpoints, in the forms in which they are stored, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml
from conformance import PUBLISHED, write_checkpoint
from conformance import arrays as conformance_arrays
from safetensors.torch import save_file

from vocolab.catalog import Catalog
from vocolab.checkpoints import Conversion, convert_checkpoint
from vocolab.errors import CheckpointError, VocolabError
from vocolab.mels.conventions import convention, convention_name
from vocolab.mels.filters import analysis_window, mel_filters
from vocolab.mels.spec import MelSpec
from vocolab.options import Options
from vocolab.plugins.host import PluginHost
from vocolab_vocos.config import VocosConfig
from vocolab_vocos.generator import VocosGenerator
from vocolab_vocos.vocoder import Vocos

CATALOG = Catalog(PluginHost(allow=frozenset()))
SPEC = convention("vocos-24k")
SHAPE: dict[str, Any] = {"dim": 16, "intermediate_dim": 24, "num_layers": 2}
CONFIG: dict[str, Any] = {
    "feature_extractor": {
        "class_path": "vocos.feature_extractors.MelSpectrogramFeatures",
        "init_args": {"sample_rate": 24000, "n_fft": 1024, "hop_length": 256, "n_mels": 100, "padding": "center"},
    },
    "backbone": {"class_path": "vocos.models.VocosBackbone", "init_args": {"input_channels": 100, **SHAPE}},
    "head": {
        "class_path": "vocos.heads.ISTFTHead",
        "init_args": {"dim": 16, "n_fft": 1024, "hop_length": 256, "padding": "center"},
    },
}
State = dict[str, torch.Tensor]


def generator(spec: MelSpec = SPEC) -> VocosGenerator:
    torch.manual_seed(0)
    return VocosGenerator(VocosConfig(**SHAPE), spec)


def state_dict(spec: MelSpec = SPEC) -> State:
    """What the published model saves: the network, its mel filters and its two windows."""
    window = torch.from_numpy(np.array(analysis_window(spec)))
    return {
        "feature_extractor.mel_spec.spectrogram.window": window,
        "feature_extractor.mel_spec.mel_scale.fb": torch.from_numpy(np.array(mel_filters(spec).T)),
        **generator(spec).state_dict(),
        "head.istft.window": window.clone(),
    }


def config_with(**changes: dict[str, Any]) -> dict[str, Any]:
    """The config, some `init_args` of its blocks replaced."""
    return {
        name: {**block, "init_args": {**block["init_args"], **changes.get(name, {})}} for name, block in CONFIG.items()
    }


def write(folder: Path, content: Any, config: dict[str, Any] | None = CONFIG) -> Path:
    if config is not None:
        (folder / "config.yaml").write_text(yaml.safe_dump(config))
    torch.save(content, folder / "pytorch_model.bin")
    return folder / "pytorch_model.bin"


def converted(path: Path, mel_spec: MelSpec | None = None) -> Conversion:
    return convert_checkpoint(CATALOG, path, mel_spec=mel_spec)


def assert_is_the_generator(conversion: Conversion, spec: MelSpec = SPEC, tolerance: float = 1e-6) -> None:
    assert conversion.voice.mel_spec == spec
    mel = np.random.default_rng(0).normal(-5, 2, (spec.n_mels, 15)).astype(np.float32)
    with torch.no_grad():
        expected = generator(spec)(torch.from_numpy(mel)[None])[0].numpy()
    np.testing.assert_allclose(Vocos(Options(), conversion.voice).render(mel), expected, atol=tolerance)


FORMS: dict[str, Callable[[State], Any]] = {
    "flat": lambda state: state,
    "as training leaves it": lambda state: {
        "state_dict": {**state, "multiperioddisc.discriminators.0.convs.0.bias": torch.zeros(3)}, "epoch": 7,
    },
    "module": lambda state: {f"module.{name}": tensor for name, tensor in state.items()},
    "without features": lambda state: {
        name: tensor for name, tensor in state.items() if not name.startswith("feature_extractor")
    },
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_the_same_voice(form: str, tmp_path: Path) -> None:
    conversion = converted(write(tmp_path, FORMS[form](state_dict())))
    assert conversion.layout.startswith("official")
    assert conversion.voice.config["num_layers"] == 2
    assert convention_name(conversion.voice.mel_spec) == "vocos-24k"
    assert ("mel filters" in "".join(conversion.assumptions)) == (form == "without features")
    assert_is_the_generator(conversion)


def test_a_published_folder_with_safetensors(tmp_path: Path) -> None:
    write(tmp_path, state_dict())
    save_file({name: tensor.contiguous() for name, tensor in state_dict().items()}, tmp_path / "model.safetensors")
    conversion = converted(tmp_path)
    assert conversion.voice.provenance["source"] == "model.safetensors"
    assert_is_the_generator(conversion)


@pytest.mark.parametrize(("kind", "tolerance"), [(torch.float16, 2e-3), (torch.bfloat16, 2e-2)])
def test_half_precision(kind: torch.dtype, tolerance: float, tmp_path: Path) -> None:
    conversion = converted(write(tmp_path, {name: tensor.to(kind) for name, tensor in state_dict().items()}))
    assert all(tensor.dtype == np.float32 for tensor in conversion.voice.tensors.values())
    assert_is_the_generator(conversion, tolerance=tolerance)


def test_the_other_padding(tmp_path: Path) -> None:
    spec = MelSpec.from_dict({**SPEC.to_dict(), "padding": "hifigan"})
    config = config_with(feature_extractor={"padding": "same"}, head={"padding": "same"})
    assert_is_the_generator(converted(write(tmp_path, state_dict(spec), config)), spec)


def test_without_a_config_the_weights_and_the_convention_are_enough(tmp_path: Path) -> None:
    path = write(tmp_path, state_dict(), None)
    with pytest.raises(CheckpointError, match=r"config\.json beside the checkpoint"):
        converted(path)
    assert_is_the_generator(converted(path, SPEC))


@pytest.mark.parametrize(
    "given", [convention("bigvgan-24k"), MelSpec.from_dict({**SPEC.to_dict(), "fmin_hz": 50.0})], ids=["norm", "fmin"]
)
def test_a_convention_with_other_filters_is_refused_and_the_right_one_named(given: MelSpec, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"mel filters .* are not those of the convention but of vocos-24k"):
        converted(write(tmp_path, state_dict()), given)


def test_filters_that_are_not_those_of_the_config_are_refused(tmp_path: Path) -> None:
    state = state_dict()
    state["feature_extractor.mel_spec.mel_scale.fb"] *= 1.01
    with pytest.raises(CheckpointError, match="are not those of the convention; name"):
        converted(write(tmp_path, state))


@pytest.mark.parametrize("name", ["feature_extractor.mel_spec.spectrogram.window", "head.istft.window"])
def test_another_window_is_refused(name: str, tmp_path: Path) -> None:
    state = state_dict()
    state[name] = torch.hamming_window(1024)
    with pytest.raises(CheckpointError, match=f"{name} is not the convention's window"):
        converted(write(tmp_path, state))


def test_the_model_for_tokens_is_refused_by_name(tmp_path: Path) -> None:
    state = {name: tensor for name, tensor in state_dict().items() if not name.startswith("feature_extractor")}
    state["feature_extractor.codebook_weights"] = torch.zeros(64, 128)
    with pytest.raises(CheckpointError, match="a Vocos for EnCodec tokens"):
        converted(write(tmp_path, state))


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({**CONFIG, "head": {**CONFIG["head"], "class_path": "vocos.heads.IMDCTCosHead"}}, "its head is IMDCTCosHead"),
        ({**CONFIG, "backbone": {**CONFIG["backbone"], "class_path": "vocos.models.VocosResNetBackbone"}},
         "its backbone is VocosResNetBackbone"),
        ({key: CONFIG[key] for key in ("backbone", "head")}, "it has no feature_extractor"),
        (config_with(head={"padding": "same"}), "its head has padding 'same' and its features 'center'"),
        (config_with(head={"hop_length": 128}), "its head has hop_length 128 and its features 256"),
        (config_with(feature_extractor={"padding": "left"}), "padding 'left'; known are center, same"),
        (config_with(feature_extractor={"sample_rate": 22050}), "are not those of the convention"),
        (config_with(backbone={"dim": 32}), "dim is 16, and its backbone has 32"),
        (config_with(backbone={"dim": 32}, head={"dim": 32}), "the config asks for"),
        (config_with(backbone={"num_layers": 3}), r"lacks backbone\.convnext\.2"),
        (config_with(backbone={"num_layers": 1}), "which the config does not ask for"),
    ],
)
def test_a_config_that_does_not_fit_is_refused(config: dict[str, Any], words: str, tmp_path: Path) -> None:
    with pytest.raises(VocolabError, match=words) as caught:
        converted(write(tmp_path, state_dict(), config))
    assert "\n" not in str(caught.value)


def test_unknown_tensors_are_listed_and_refused(tmp_path: Path) -> None:
    state = {**state_dict(), "speaker_embedding.weight": torch.zeros(3, 16)}
    with pytest.raises(CheckpointError, match=r"unknown tensors: speaker_embedding\.weight"):
        converted(write(tmp_path, state))


def test_it_equals_the_published_model(tmp_path: Path) -> None:
    folder = PUBLISHED / "vocos"
    write_checkpoint(folder, tmp_path / "pytorch_model.bin")
    data = conformance_arrays(folder)
    rendered = Vocos(Options(), converted(tmp_path).voice).render(data["mel"])
    np.testing.assert_allclose(rendered[: data["audio"].size], data["audio"], atol=1e-4)
