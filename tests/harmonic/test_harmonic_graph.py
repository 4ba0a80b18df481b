"""Rendering without torch: the pitch reader and the pulses are those of the network, and any engine gives the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from harmonic_fakes import SPEC, small_voice, some_mel

from vocolab.catalog import Catalog
from vocolab.engines import EngineChoice
from vocolab.mels.mel import Mel
from vocolab.mels.scaling import silence
from vocolab.rendering import open_vocoder
from vocolab_harmonic import pulses, rendered_pulses
from vocolab_harmonic.config import HarmonicConfig
from vocolab_harmonic.mel_pitch import f0_of
from vocolab_harmonic.options import HarmonicOptions
from vocolab_harmonic.pitch_reader import PitchReader
from vocolab_harmonic.sizes import pitch_context_frames
from vocolab_harmonic.vocoder import Harmonic


def test_the_reader_reads_what_the_network_reads() -> None:
    voice = Catalog.installed(no_plugins=True).voices.load("harmonic-22k")
    assert voice.mel_spec is not None
    from vocolab.mels.plausible import plausible_mel

    mel = plausible_mel(voice.mel_spec, 90, np.random.default_rng(4))
    # The network itself sees zeros beyond the ends.
    quiet = silence(voice.mel_spec, pitch_context_frames(HarmonicConfig.model_validate(voice.config)))
    network = Harmonic(HarmonicOptions(), voice).network
    with torch.inference_mode():
        whole = network.f0_hz(torch.from_numpy(np.concatenate([quiet, mel, quiet], axis=1))[None])[0].numpy()
    wanted = whole[quiet.shape[1] : -quiet.shape[1]]
    found = f0_of(PitchReader.of(voice), mel)
    assert np.array_equal(found > 0, wanted > 0)
    np.testing.assert_allclose(found, wanted, rtol=1e-4)


def test_every_frame_has_its_f0_whatever_the_length() -> None:
    """The blocks in which F0 is read are of several lengths, and a mel may end in any of them."""
    reader = PitchReader.of(small_voice())
    for frames in range(1, 140):
        assert f0_of(reader, some_mel(frames)).shape == (frames,)


def test_pulses_are_those_of_torch() -> None:
    random = np.random.default_rng(0)
    f0 = (random.uniform(80, 400, 60) * (random.random(60) > 0.3)).astype(np.float32)
    theirs = torch.from_numpy(f0)[None]
    assert np.array_equal(rendered_pulses.gate(f0), pulses.gate(theirs)[0].numpy())
    assert np.array_equal(rendered_pulses.running(f0), pulses.running(theirs)[0].numpy())
    at, phase = rendered_pulses.phases(rendered_pulses.running(f0), 22_050, 256)
    their_at, their_phase = pulses.phases(pulses.running(theirs), 22_050, 256)
    np.testing.assert_allclose(at, their_at[0].numpy(), rtol=1e-12)
    np.testing.assert_allclose(phase, their_phase[0].numpy(), atol=1e-9)
    wanted = pulses.pulses(their_at, their_phase, 22_050)[0].numpy()
    np.testing.assert_allclose(rendered_pulses.pulses(at, phase, 22_050), wanted, atol=1e-4)


@pytest.fixture(params=["onnx", "openvino"])
def engine(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    pytest.importorskip({"onnx": "onnxruntime", "openvino": "openvino"}[request.param])
    monkeypatch.setenv("VOCOLAB_CACHE", str(tmp_path / "cache"))
    return str(request.param)


@pytest.mark.parametrize("semitones", [0.0, 5.0])
def test_any_engine_renders_within_a_ten_thousandth_of_torch(engine: str, semitones: float) -> None:
    catalog, voice = Catalog.installed(no_plugins=True), small_voice()
    values = {"pitch_semitones": semitones}
    ours = open_vocoder(catalog, voice=voice, values=values, engine=EngineChoice(engine, threads=1))
    torchs = open_vocoder(catalog, voice=voice, values=values, engine=EngineChoice("torch"))
    assert ours.running.engine == engine
    mel = Mel(some_mel(300), SPEC)
    found, wanted = ours(mel).samples, torchs(mel).samples
    assert np.abs(found - wanted).max() < 1e-4 * max(1.0, float(np.abs(wanted).max()))
    stream = ours.open()
    parts = [stream.push(mel.values[:, i : i + 37]) for i in range(0, 300, 37)]
    np.testing.assert_allclose(np.concatenate([*parts, stream.finish()]), found[0], atol=1e-5)


def test_nothing_of_it_imports_torch() -> None:
    code = "import sys, vocolab_harmonic.graph_vocoder; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
