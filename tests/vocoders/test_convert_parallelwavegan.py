"""HiFi-GAN of ParallelWaveGAN, and the graphs that only some projects have: as they sounded, in chunks too."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml
from hifigan_checkpoints import (
    SPEECHBRAIN_CONFIG,
    TOLERANCE,
    assert_same_sound,
    converted,
    speechbrain_names,
    write_pwg,
)
from published_hifigan import mel, published

from vocolab.checkpoints import Conversion
from vocolab.errors import CheckpointError
from vocolab.mels.conventions import convention
from vocolab.mels.mel import Mel
from vocolab.options import Options
from vocolab.rendering import Renderer
from vocolab_hifigan.export import export
from vocolab_hifigan.vocoder import HifiGan


def test_parallelwavegan(tmp_path: Path) -> None:
    generator = published(output_padding=True)
    conversion = converted(write_pwg(tmp_path, generator))
    assert conversion.layout == "ParallelWaveGAN's names, weight norm as weight_g and weight_v"
    assert [said[:28] for said in conversion.assumptions] == ["mels as ParallelWaveGAN make"]
    spec = conversion.voice.mel_spec
    assert replace(spec, mean=None, scale=None) == convention("pwg-22k")
    assert spec.mean is not None and spec.scale is not None
    np.testing.assert_allclose([spec.mean[0], spec.mean[-1], spec.scale[0], spec.scale[-1]], [-3, -2, 0.4, 0.8])
    assert_same_sound(conversion, generator)


def test_parallelwavegan_with_odd_rates_a_slope_of_its_own_and_no_biases(tmp_path: Path) -> None:
    sizes = {"upsample_rates": [5, 5, 4, 3], "upsample_kernel_sizes": [10, 10, 8, 6]}
    generator = published(sizes=sizes, slope=0.2, output_padding=True, without_bias=("resblocks",))
    folder = write_pwg(tmp_path, generator, bias=False, nonlinear_activation_params={"negative_slope": 0.2},
                       upsample_scales=[5, 5, 4, 3], upsample_kernal_sizes=[10, 10, 8, 6])
    config = yaml.safe_load((folder / "config.yml").read_text())
    config |= {"sampling_rate": 24000, "fft_size": 2048, "hop_size": 300, "win_length": 1200}
    (folder / "config.yml").write_text(yaml.safe_dump(config))
    conversion = converted(folder)
    assert replace(conversion.voice.mel_spec, mean=None, scale=None) == convention("pwg-24k")
    assert_same_sound(conversion, generator)


def test_parallelwavegan_without_second_convolutions(tmp_path: Path) -> None:
    generator = published(sizes={"resblock": "2"}, output_padding=True)
    conversion = converted(write_pwg(tmp_path, generator, use_additional_convs=False))
    assert_same_sound(conversion, generator)


def test_parallelwavegan_needs_its_statistics(tmp_path: Path) -> None:
    write_pwg(tmp_path, published(output_padding=True), statistics=False)
    with pytest.raises(CheckpointError, match=r"stats\.npy or stats\.h5"):
        converted(tmp_path)
    bare = converted(tmp_path, convention("pwg-22k"))
    assert bare.voice.mel_spec.mean is None
    assert any("not normalised" in assumption for assumption in bare.assumptions)


def test_statistics_complete_a_convention_that_was_named(tmp_path: Path) -> None:
    write_pwg(tmp_path, published(output_padding=True))
    spec = converted(tmp_path, convention("speecht5-16k")).voice.mel_spec
    assert replace(spec, mean=None, scale=None) == convention("speecht5-16k")
    assert spec.mean is not None


def test_statistics_in_hdf5(shared: Path, tmp_path: Path) -> None:
    """The recipe's own stats.h5, as h5py wrote it."""
    recipe = shared / "conformance" / "multiband_melgan"
    write_pwg(tmp_path, published(output_padding=True), statistics=False)
    shutil.copyfile(recipe / "stats.h5", tmp_path / "stats.h5")
    known = np.load(recipe / "inputs.npz")
    spec = converted(tmp_path).voice.mel_spec
    assert spec is not None
    np.testing.assert_allclose(spec.mean, known["mean"])
    np.testing.assert_allclose(spec.scale, known["scale"])


@pytest.mark.parametrize("data", [b"", b"\x89HDF\r\n\x1a\n",
    b"\x89HDF\r\n\x1a\n\0" + bytes(5) + b"\x08\x08" + bytes(90)])
def test_statistics_that_are_damaged_are_refused(data: bytes, tmp_path: Path) -> None:
    write_pwg(tmp_path, published(output_padding=True), statistics=False)
    (tmp_path / "stats.h5").write_bytes(data)
    with pytest.raises(CheckpointError, match=r"stats\.h5.*mean and scale"):
        converted(tmp_path)


@pytest.mark.parametrize(
    ("key", "value", "field", "expected"),
    [("log_base", None, "log_base", "e"), ("log_base", 10.0, "log_base", "10"),
     ("log_base", 2.0, "log_gain", 1 / np.log(2)), ("window", "hamming", "window", "hamming")],
)
def test_the_config_says_how_mels_are_made(
    key: str, value: Any, field: str, expected: Any, tmp_path: Path
) -> None:
    write_pwg(tmp_path, published(output_padding=True))
    config = yaml.safe_load((tmp_path / "config.yml").read_text())
    (tmp_path / "config.yml").write_text(yaml.safe_dump({**config, key: value}))
    assert getattr(converted(tmp_path).voice.mel_spec, field) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("key", "value"), [("log_base", 3.0), ("window", "blackman"), ("mystery", 1), ("sampling_rate_for_feats", 16000)]
)
def test_what_a_config_says_and_nobody_understands_is_named(key: str, value: Any, tmp_path: Path) -> None:
    write_pwg(tmp_path, published(output_padding=True))
    config = yaml.safe_load((tmp_path / "config.yml").read_text())
    (tmp_path / "config.yml").write_text(yaml.safe_dump({**config, key: value}))
    with pytest.raises(CheckpointError, match=f"config.* {key} "):
        converted(tmp_path)


@pytest.mark.parametrize(
    ("params", "expected"),
    [({"kernel_size": 5}, "kernel_size is 5"), ({"use_causal_conv": True}, "use_causal_conv is True"),
     ({"nonlinear_activation": "ELU"}, "nonlinear_activation is 'ELU'"), ({"out_channels": 4}, "out_channels is 4")],
)
def test_a_graph_that_differs_is_refused_by_the_key(params: dict[str, Any], expected: str, tmp_path: Path) -> None:
    write_pwg(tmp_path, published(output_padding=True), **params)
    with pytest.raises(CheckpointError, match=expected):
        converted(tmp_path)


# The graphs that only some projects have


def reflecting(folder: Path) -> Conversion:
    torch.save(speechbrain_names(published(reflect=True).state), folder / "generator.ckpt")
    (folder / "hyperparams.yaml").write_text(yaml.safe_dump(SPEECHBRAIN_CONFIG))
    return converted(folder)


def with_odd_rates(folder: Path) -> Conversion:
    sizes = {"upsample_rates": [5, 5, 3, 3], "upsample_kernel_sizes": [10, 10, 6, 6]}
    write_pwg(folder, published(sizes=sizes, output_padding=True), upsample_scales=[5, 5, 3, 3],
              upsample_kernal_sizes=[10, 10, 6, 6])
    config = yaml.safe_load((folder / "config.yml").read_text())
    (folder / "config.yml").write_text(yaml.safe_dump({**config, "hop_size": 225}))
    return converted(folder)


@pytest.mark.parametrize("make", [reflecting, with_odd_rates])
def test_in_chunks_as_in_one_pass(make: Any, tmp_path: Path) -> None:
    vocoder = HifiGan(Options(), make(tmp_path).voice)
    for frames in (1, 3, 60, 101):
        values = mel(frames).numpy()
        whole = vocoder.render(values)
        assert whole.shape == (frames * vocoder.mel_spec.hop_samples,)
        for chunk_frames in (7, 30):
            chunked = Renderer(vocoder, chunk_frames=chunk_frames)(Mel(values, vocoder.mel_spec))
            np.testing.assert_allclose(chunked.samples[0], whole, atol=TOLERANCE, rtol=0)


def test_reflection_is_exported_for_as_many_frames_as_it_reflects(tmp_path: Path) -> None:
    """Seven taps at the frame rate reflect three frames, for which there have to be four."""
    assert export(reflecting(tmp_path).voice).least_frames >= 4


def test_a_kernel_that_is_not_twice_an_odd_rate_is_refused(tmp_path: Path) -> None:
    write_pwg(tmp_path, published(output_padding=True), upsample_kernal_sizes=[15, 16, 4, 4])
    with pytest.raises(CheckpointError, match="15 for rate 8; with this padding it has to be 16"):
        converted(tmp_path)
