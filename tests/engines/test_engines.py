"""What comes out of an engine is what torch gives, whatever the length and however it is cut."""

from __future__ import annotations

import numpy as np
import pytest
from tiny_engine_voices import hifigan, vocos, with_head

from vocolab.catalog import Catalog
from vocolab.engines import EngineChoice
from vocolab.mels.mel import Mel
from vocolab.mels.plausible import plausible_mel
from vocolab.rendering import open_vocoder
from vocolab.voice import Voice

VOICES = {
    "hifigan": hifigan, "hifigan, reflecting": lambda: hifigan(conv_padding="reflect"), "vocos": vocos,
    "vocos, centred": lambda: vocos("vocos-24k"), "head": lambda: with_head("same"),
    "head, reflecting": lambda: with_head("same", "reflect"), "published head": lambda: with_head("left"),
}


def mel(voice: Voice, frames: int) -> Mel:
    assert voice.mel_spec is not None
    return Mel(plausible_mel(voice.mel_spec, frames, np.random.default_rng(frames)), voice.mel_spec)


@pytest.mark.parametrize("name", VOICES)
def test_fp32_is_within_a_ten_thousandth_of_torch_at_any_length(catalog: Catalog, engine: str, name: str) -> None:
    voice = VOICES[name]()
    ours = open_vocoder(catalog, voice=voice, engine=EngineChoice(engine, threads=1))
    torchs = open_vocoder(catalog, voice=voice, engine=EngineChoice("torch"))
    assert (ours.running.engine, ours.running.precision, torchs.running.engine) == (engine, "fp32", "torch")
    for frames in (1, 2, 37, 190):
        given = mel(voice, frames)
        found, wanted = ours(given).samples, torchs(given).samples
        assert found.shape == wanted.shape == (1, frames * 256)
        assert np.abs(found - wanted).max() < 1e-4 * max(1.0, float(np.abs(wanted).max()))
        assert np.abs(wanted).max() > 1e-3


@pytest.mark.parametrize("chunk_frames", [40, 200])
@pytest.mark.parametrize("name", VOICES)
def test_parts_equal_the_whole(catalog: Catalog, engine: str, name: str, chunk_frames: int) -> None:
    """Small first chunks, for which some vocoders keep what their layers have seen, and chunks too large for it."""
    voice = VOICES[name]()
    renderer = open_vocoder(catalog, voice=voice, engine=EngineChoice(engine, threads=1))
    given = mel(voice, 250)
    whole = renderer(given).samples[0]
    for first_frames in (3, chunk_frames):
        stream = renderer.open(first_frames=first_frames, chunk_frames=chunk_frames)
        parts = [stream.push(given.values[:, start : start + 11]) for start in range(0, 250, 11)]
        joined = np.concatenate([*parts, stream.finish()])
        assert joined.shape == whole.shape
        assert np.abs(joined - whole).max() < 1e-5


def test_fast_keeps_45_db_or_is_not_taken(catalog: Catalog) -> None:
    pytest.importorskip("openvino")
    said: list[str] = []
    voice = hifigan()
    fast = open_vocoder(catalog, voice=voice, engine=EngineChoice("openvino", "fast", 1), on_note=said.append)
    exact = open_vocoder(catalog, voice=voice, engine=EngineChoice("openvino", "fp32", 1))
    if fast.running.precision == "fp32":
        assert any("fp32" in line for line in said)
        return
    assert fast.running.snr_db is not None and fast.running.snr_db >= 45
    assert fast.running.seam is not None
    given = mel(voice, 131)
    error = fast(given).samples - exact(given).samples
    ratio = np.sum(exact(given).samples ** 2.0) / np.sum(error**2.0)
    assert 10 * np.log10(ratio) > 42  # of another mel than that it was measured with


def test_torch_in_16_bits_keeps_45_db_or_is_not_taken(catalog: Catalog) -> None:
    said: list[str] = []
    renderer = open_vocoder(catalog, voice=vocos(), engine=EngineChoice("torch", "fast"), on_note=said.append)
    running = renderer.running
    assert (running.snr_db is not None and running.snr_db >= 45) if running.precision == "fast" else said


def test_auto_takes_an_engine_of_graphs_that_is_installed(catalog: Catalog) -> None:
    pytest.importorskip("onnxruntime")
    from vocolab.engines.choice import is_installed

    renderer = open_vocoder(catalog, voice=hifigan(), engine=EngineChoice("auto", threads=1))
    found = [one.name for one in catalog.engines.entries() if one.spec.runs == "graph" and is_installed(one)]
    assert renderer.running.engine in found


def test_a_vocoder_without_a_graph_runs_as_its_plugin_wrote_it(catalog: Catalog) -> None:
    assert open_vocoder(catalog, "griffinlim", engine=EngineChoice("auto")).running.engine == ""


def test_a_model_whose_own_class_is_faster_runs_by_it_unless_an_engine_is_named(catalog: Catalog) -> None:
    pytest.importorskip("onnxruntime")
    from vocolab.networks.weights import network_tensors
    from vocolab_bigvgan.config import BigVganConfig
    from vocolab_bigvgan.generator import BigVganGenerator

    config = BigVganConfig(upsample_rates=[16, 16], upsample_kernel_sizes=[32, 32], upsample_initial_channel=8,
                           resblock_kernel_sizes=[3], resblock_dilation_sizes=[[1]])  # fmt: skip
    spec = hifigan().mel_spec
    assert spec is not None
    voice = Voice("bigvgan", config.model_dump(), spec, network_tensors(BigVganGenerator(config, spec)))
    found = [open_vocoder(catalog, voice=voice, engine=EngineChoice(name, threads=1)).running.engine
             for name in ("auto", "onnx")]  # fmt: skip
    assert found == ["torch", "onnx"]
