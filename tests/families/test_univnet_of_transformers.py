"""UnivNet in the names and configs of transformers: the published weights renamed give the published audio."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from cases import assert_close, spec_of
from conformance import arrays
from safetensors.torch import save_file
from spellings import State, case, folded

from vocolab.api import convert
from vocolab.errors import CheckpointError
from vocolab.options import Options
from vocolab_univnet.vocoder import UnivNet

CONFIG: dict[str, Any] = {
    "architectures": ["UnivNetModel"], "model_type": "univnet", "model_in_channels": 64, "model_hidden_channels": 8,
    "num_mel_bins": 100, "resblock_kernel_sizes": [3, 3, 3], "resblock_stride_sizes": [8, 8, 4],
    "resblock_dilation_sizes": [[1, 3, 9, 27]] * 3, "kernel_predictor_num_blocks": 3,
    "kernel_predictor_hidden_channels": 64, "kernel_predictor_conv_size": 3, "kernel_predictor_dropout": 0.0,
    "leaky_relu_slope": 0.2, "initializer_range": 0.01, "torch_dtype": "float32", "transformers_version": "4.36.0",
}
FEATURES: dict[str, Any] = {
    "feature_extractor_type": "UnivNetFeatureExtractor", "sampling_rate": 24000, "num_mel_bins": 100, "center": False,
    "hop_length": 256, "win_length": 1024, "filter_length": 1024, "fmin": 0.0, "fmax": 12000.0, "mel_floor": 1e-09,
    "compression_clip_val": 1e-05, "compression_factor": 1.0, "do_normalize": False, "win_function": "hann_window",
    "pad_end_length": 10, "model_in_channels": 64, "feature_size": 1, "padding_side": "right", "padding_value": 0.0,
}
RULES = (
    (r"res_stack\.(\d+)\.convt_pre\.1\.", r"resblocks.\1.convt_pre."),
    (r"res_stack\.(\d+)\.conv_blocks\.(\d+)\.1\.", r"resblocks.\1.resblocks.\2.conv."),
    (r"res_stack\.(\d+)\.kernel_predictor\.input_conv\.0\.", r"resblocks.\1.kernel_predictor.input_conv."),
    (r"res_stack\.(\d+)\.kernel_predictor\.residual_convs\.(\d+)\.1\.",
     r"resblocks.\1.kernel_predictor.resblocks.\2.conv1."),
    (r"res_stack\.(\d+)\.kernel_predictor\.residual_convs\.(\d+)\.3\.",
     r"resblocks.\1.kernel_predictor.resblocks.\2.conv2."),
    (r"res_stack\.(\d+)\.kernel_predictor\.(kernel|bias)_conv\.", r"resblocks.\1.kernel_predictor.\2_conv."),
    (r"conv_post\.1\.", "conv_post."),
)


def their_name(name: str) -> str:
    for pattern, theirs in RULES:
        name = re.sub(f"^{pattern}", theirs, name)
    return name


def write(shared: Path, folder: Path, **changes: Any) -> Path:
    state: State = folded(case(shared / "conformance" / "univnet_c16").state)
    save_file({their_name(name): tensor.contiguous() for name, tensor in state.items()}, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps({**CONFIG, **changes}))
    return folder


def test_it_computes_what_the_published_code_computes(shared: Path, tmp_path: Path) -> None:
    folder = write(shared, tmp_path)
    (folder / "preprocessor_config.json").write_text(json.dumps(FEATURES))
    conversion, data = convert(folder), arrays(shared / "conformance" / "univnet_c16")
    assert conversion.layout == "transformers' names, weight norm folded"
    assert conversion.assumptions == ()
    rendered = UnivNet(Options(), conversion.voice).render(data["mel"], noise=data["noise"][:, : data["mel"].shape[1]])
    assert_close(rendered, data["audio_unpadded"])
    assert (spec_of(conversion).sample_rate, spec_of(conversion).magnitude_eps) == (24000, 1e-9)


def test_without_its_features_theirs_are_assumed(shared: Path, tmp_path: Path) -> None:
    said, = convert(write(shared, tmp_path)).assumptions
    assert said.startswith("sampling_rate 24000, hop_length 256")


@pytest.mark.parametrize(("changes", "told"), [
    ({"model_hidden_channels": 32}, "channel_size is 8 in the weights and 32 in the config"),
    ({"resblock_stride_sizes": [8, 4, 8]}, r"strides is \[8, 8, 4\] in the weights and \[8, 4, 8\]"),
    ({"resblock_dilation_sizes": [[1, 3, 9, 27], [1, 3, 9, 27], [1, 2, 4, 8]]}, "the same in every stage"),
    ({"mystery_padding": 1}, "mystery_padding = '1', which no converter knows"),
])
def test_a_config_of_another_model(changes: dict[str, Any], told: str, shared: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=told):
        convert(write(shared, tmp_path, **changes))
