"""An acoustic model on an engine says what torch says: mel, durations, F0, energies, under every control."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from speech_fakes import model, said_as, sentence, small_voice

from vocolab.catalog import Catalog
from vocolab.engines import EngineChoice
from vocolab.engines.opening import Wanted, open_model
from vocolab.texts.document import Prosody
from vocolab_fastspeech2.graph_model import GraphFastSpeech2

CONTROLS = {
    "plain": Prosody(), "rate": Prosody(rate=1.3), "pitch": Prosody(pitch_semitones=3.0),
    "range": Prosody(pitch_range=1.7, pitch_semitones=-2.0), "volume": Prosody(volume_db=4.0),
}


@pytest.fixture(scope="module", params=["onnx", "openvino"])
def on_engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> GraphFastSpeech2:
    """The small voice on each engine."""
    pytest.importorskip({"onnx": "onnxruntime", "openvino": "openvino"}[request.param])
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("VOCOLAB_CACHE", str(tmp_path_factory.mktemp("cache")))
        catalog = Catalog.installed(no_plugins=True)
        wanted = Wanted(catalog.acoustic_models.get("fastspeech2"), {}, small_voice(), model)
        opened, running = open_model(catalog, wanted, EngineChoice(request.param, threads=1), "cpu")
    assert running.engine == request.param
    assert isinstance(opened, GraphFastSpeech2)
    return opened


@pytest.mark.parametrize("control", CONTROLS)
def test_it_says_what_torch_says(on_engine: GraphFastSpeech2, control: str) -> None:
    given = said_as(sentence(), CONTROLS[control])
    found, wanted = on_engine.synthesize(given), model().synthesize(given)
    assert np.array_equal(found.durations_frames, wanted.durations_frames)
    np.testing.assert_allclose(found.mel.values, wanted.mel.values, atol=1e-4)
    assert found.mel.f0_hz is not None and wanted.mel.f0_hz is not None
    np.testing.assert_allclose(found.mel.f0_hz, wanted.mel.f0_hz, rtol=1e-4)
    np.testing.assert_allclose(found.others["energy_db"], wanted.others["energy_db"], atol=1e-3)


def test_nothing_of_it_imports_torch(tmp_path: Path) -> None:
    code = "import sys, vocolab_fastspeech2.graph_model; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.strip() == "False"
