"""A cache of its own for each test, and what is installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from vocolab.catalog import Catalog


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the cache."""
    monkeypatch.setenv("VOCOLAB_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def catalog() -> Catalog:
    return Catalog.installed(no_plugins=True)


@pytest.fixture(params=["onnx", "openvino"])
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine that runs graphs; one whose package is not here is skipped, visibly."""
    pytest.importorskip({"onnx": "onnxruntime", "openvino": "openvino"}[request.param])
    return str(request.param)
