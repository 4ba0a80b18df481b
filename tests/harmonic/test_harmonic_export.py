"""The graph gives what the vocoder gives, for F0 and noise that are given and for F0 that it reads itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from harmonic_fakes import SPEC, small_voice, some_mel

pytest.importorskip("onnxruntime")
pytest.importorskip("onnxscript")


@pytest.mark.slow
def test_the_graph_renders_what_the_vocoder_renders(tmp_path: Path) -> None:
    import onnxruntime

    import vocolab
    from vocolab_harmonic.options import HarmonicOptions
    from vocolab_harmonic.vocoder import Harmonic

    voice = small_voice()
    exported = vocolab.export(voice, tmp_path / "small.onnx")
    assert list(exported.inputs) == ["mel", "f0_hz", "noise"]
    assert exported.agreement.largest_difference < 1e-4

    session = onnxruntime.InferenceSession(str(tmp_path / "small.onnx"), providers=["CPUExecutionProvider"])
    mel, random = some_mel(40), np.random.default_rng(0)
    noise = random.standard_normal(40 * 256).astype(np.float32)
    f0 = np.where(np.arange(40) < 25, 150, 0).astype(np.float32)
    given = {"mel": mel[None], "f0_hz": f0[None], "noise": noise.reshape(1, 40, 256)}
    audio, read = session.run(None, given)
    wanted = Harmonic(HarmonicOptions(), voice).render(mel, f0_hz=f0, noise=noise)
    np.testing.assert_allclose(audio[0], wanted, atol=1e-4)

    itself, again = session.run(None, {**given, "f0_hz": np.full((1, 40), -1, np.float32)})
    as_read, _ = session.run(None, {**given, "f0_hz": again})
    np.testing.assert_array_equal(read, again)
    np.testing.assert_allclose(itself, as_read, atol=1e-6)
    assert itself.shape == (1, 40 * SPEC.hop_samples)
