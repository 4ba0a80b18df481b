"""Every exported graph renders what its vocoder renders, at lengths that the export did not look at."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from exported_graph import Graph
from numpy.typing import NDArray
from tiny_voices import VOICES, voice

import vocolab
from vocolab.catalog import Catalog
from vocolab.mels.plausible import plausible_mel
from vocolab.mels.spec import MelSpec
from vocolab.networks.noise import gaussian

TOLERANCE = 1e-4
FRAMES = (3, 40, 77)
DRIVEN = {"parallelwavegan": "noise", "univnet": "noise", "nsf-hifigan": "source", "pc-nsf-hifigan": "source"}
"""What these graphs take beside the mel, under the name under which vocolab's rendering takes it too."""
DETERMINISTIC = [name for name, (vocoder, *_) in VOICES.items() if vocoder not in ("waveglow", "diffwave", *DRIVEN)]

pytestmark = pytest.mark.slow  # torch takes seconds to trace the smallest network


def rendered(graph: Graph, mel: NDArray[np.float32], seed: int = 0, first_frame: int = 0) -> NDArray[np.float32]:
    """What `vocolab render` gives, in one piece."""
    vocoder = Catalog.installed().vocoders.create(graph.voice.model, {}, graph.voice)
    return vocoder.render(mel, seed=seed, first_frame=first_frame)


def mels(spec: MelSpec, batch: int, frames: int) -> NDArray[np.float32]:
    random = np.random.default_rng(frames)
    return np.stack([plausible_mel(spec, frames, random) for _ in range(batch)])


def assert_close(given: NDArray[np.float32], wanted: NDArray[np.float32]) -> None:
    assert given.shape == wanted.shape
    assert float(np.abs(given - wanted).max()) <= TOLERANCE * max(1.0, float(np.abs(wanted).max()))


@pytest.mark.parametrize("name", DETERMINISTIC)
def test_mel_in_audio_out(graph: Callable[[str], Graph], name: str) -> None:
    made = graph(name)
    for frames in (max(frames, made.about["least_frames"]) for frames in FRAMES):
        batch = mels(made.voice.mel_spec, 3, frames)
        audio = made.run(mel=batch)["audio"]
        assert_close(audio, np.stack([rendered(made, mel) for mel in batch]))


@pytest.mark.parametrize("name", DRIVEN)
def test_what_drives_the_network_is_the_callers(graph: Callable[[str], Graph], name: str) -> None:
    made = graph(name)
    vocoder = Catalog.installed().vocoders.create(made.voice.model, {}, made.voice)
    for frames in (max(frames, made.about["least_frames"]) for frames in FRAMES):
        mel = mels(made.voice.mel_spec, 1, frames)
        given, = (port for port in made.about["inputs"] if port["name"] == DRIVEN[name])
        shape = [frames * int(str(length).removesuffix("*frames")) if "*" in str(length) else length
                 for length in (frames if length == "frames" else length for length in given["shape"][1:])]
        driving = np.random.default_rng(frames).standard_normal(shape).astype(np.float32)
        audio = made.run(mel=mel, **{DRIVEN[name]: driving[None]})["audio"]
        assert_close(audio[0], vocoder.render(mel[0], **{DRIVEN[name]: driving}))


@pytest.mark.parametrize("name", ["waveglow", "waveglow, own"])
def test_waveglow_takes_its_noise_from_the_caller(graph: Callable[[str], Graph], name: str) -> None:
    """With vocolab's noise of a seed and a place it is vocolab's rendering of that seed and place."""
    made = graph(name)
    hop, sigma = made.voice.mel_spec.hop_samples, np.array(made.about["sigma"], np.float32)
    for frames in FRAMES:
        (mel,) = mels(made.voice.mel_spec, 1, frames)
        noise = gaussian(5, 11 * hop, frames * hop)
        audio = made.run(mel=mel[None], noise=noise[None], sigma=sigma)["audio"]
        assert_close(audio[0], rendered(made, mel, seed=5, first_frame=11))


def test_diffwave_sampled_by_its_levels_is_the_rendering(graph: Callable[[str], Graph]) -> None:
    """The published sampler, written down once more in numpy: Kong et al. (2021), appendix B."""
    made = graph("diffwave")
    hop, levels, limit = made.voice.mel_spec.hop_samples, made.about["levels"], made.about["limit"]
    frames = 12
    (mel,) = mels(made.voice.mel_spec, 1, frames)
    noise = [gaussian(2, 0, frames * hop, stream=stream)[None, None] for stream in range(len(levels))]
    x = noise[0]
    for index, (step, alpha_bar) in enumerate(levels):
        cleaner = levels[index + 1][1] if index + 1 < len(levels) else 1.0
        alpha = alpha_bar / cleaner
        parts = evaluate(made, mel, x, step, alpha_bar)
        x = (x - (1 - alpha) / np.sqrt(1 - alpha_bar) * parts["noise"]) / np.sqrt(alpha)
        if cleaner < 1.0:
            x = x + np.sqrt((1 - cleaner) / (1 - alpha_bar) * (1 - alpha)) * noise[index + 1]
        x = x.clip(-limit, limit).astype(np.float32)
    assert_close(x[0, 0], rendered(made, mel, seed=2))
    assert_close(parts["clean"][0, 0].clip(-limit, limit), x[0, 0])


def test_diffwave_of_groups_gives_audio(graph: Callable[[str], Graph]) -> None:
    """DDIM with `noise` and `clean`; the graph turns the latent into audio."""
    made = graph("diffwave, own")
    hop, levels = made.voice.mel_spec.hop_samples, made.about["levels"]
    frames, group = 21, made.voice.config["samples_per_group"]
    (mel,) = mels(made.voice.mel_spec, 1, frames)
    x = gaussian(2, 0, frames * hop).reshape(-1, group).T[None]
    for index, (step, alpha_bar) in enumerate(levels):
        parts = evaluate(made, mel, x, step, alpha_bar)
        if index + 1 < len(levels):
            cleaner = levels[index + 1][1]
            x = (np.sqrt(cleaner) * parts["clean"] + np.sqrt(1 - cleaner) * parts["noise"]).astype(np.float32)
    assert_close(parts["audio"][0], rendered(made, mel, seed=2))


def evaluate(
    made: Graph, mel: NDArray[np.float32], x: NDArray[np.float32], step: float, alpha_bar: float
) -> dict[str, NDArray[np.float32]]:
    level = {"step": np.array([step], np.float32), "alpha_bar": np.array([alpha_bar], np.float32)}
    return made.run(mel=mel[None], noisy=x, **level)


@pytest.mark.parametrize("name", ["vocos", "waveglow", "diffwave"])
def test_the_file_describes_itself(graph: Callable[[str], Graph], name: str) -> None:
    made = graph(name)
    about, spec = made.about, made.voice.mel_spec
    assert MelSpec.from_dict(about["mel_spec"]) == spec
    assert about["vocolab_format"] == 1
    assert (about["model"], about["config"]) == (made.voice.model, made.voice.config)
    assert (about["sample_rate"], about["hop_samples"], about["n_mels"]) == (22050, 256, 80)
    assert 0 <= about["agreement"]["largest_difference"] <= 1e-5
    for stated, ports in (("inputs", made.session.get_inputs()), ("outputs", made.session.get_outputs())):
        assert [port["name"] for port in about[stated]] == [port.name for port in ports]
        assert [port["shape"] for port in about[stated]] == [list(port.shape) for port in ports]
        assert all(port["meaning"] for port in about[stated])


@pytest.mark.parametrize("name", ["vocos", "waveglow", "diffwave"])
def test_the_file_is_plain_onnx_and_knows_nothing_of_this_machine(graph: Callable[[str], Graph], name: str) -> None:
    data = graph(name).path.read_bytes()
    model = onnx.load_from_string(data)
    onnx.checker.check_model(model, full_check=True)
    assert [(opset.domain, opset.version) for opset in model.opset_import] == [("", 18)]
    assert not model.functions
    assert str(Path(vocolab.__file__).parent).encode() not in data
    assert b"site-packages" not in data


def test_the_command_writes_and_says_what_it_wrote(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], recwarn: pytest.WarningsRecorder
) -> None:
    from vocolab.cli.main import run

    replace(voice("vocos"), recommended={"refine": 7}).save(tmp_path / "tiny.safetensors")
    path = tmp_path / "tiny.onnx"
    assert run(["export", str(tmp_path / "tiny.safetensors"), "-o", str(path), "--json"]) == 0
    said = capsys.readouterr()
    facts = json.loads(said.out)
    assert facts["path"] == str(path)
    assert facts["size_bytes"] == path.stat().st_size
    assert facts["outputs"] == {"audio": ["batch", "256*frames"]}
    assert f"largest difference from torch: {facts['agreement']['largest_difference']:.2g}" in said.err
    assert facts["left_out"] == ["refine 7"]
    assert "this voice recommends refine 7 besides" in said.err
    assert sorted(file.name for file in tmp_path.iterdir()) == ["tiny.onnx", "tiny.safetensors"]
    assert not recwarn.list


@pytest.mark.parametrize("name", ["hifigan-22k", "vocos-22k"])
def test_the_voices_inside(tmp_path: Path, name: str) -> None:
    assert vocolab.export(name, tmp_path / "voice.onnx").agreement.largest_difference < 1e-5
