"""The small network as ONNX, checked by onnxruntime at several lengths."""

from __future__ import annotations

from pathlib import Path

import pytest
from speech_fakes import small_voice

from vocolab.catalog import Catalog
from vocolab.onnx_export.exporting import export_voice


@pytest.mark.slow
def test_the_graph_agrees_with_torch(tmp_path: Path) -> None:
    pytest.importorskip("onnxscript")
    exported = export_voice(Catalog.installed(), small_voice(), tmp_path / "voice.onnx")
    assert exported.agreement.largest_difference < 1e-4
    assert exported.inputs["durations"] == ("batch", "symbols")
