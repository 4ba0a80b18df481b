"""Voices of the tests, and a server that speaks with them."""

from __future__ import annotations

import pytest

pytest.importorskip("starlette", reason="needs the extra `server`")
pytest.importorskip("uvicorn", reason="needs the extra `server`")

from server_fakes import serving
from speaking_fakes import catalog_of, voice_sources


@pytest.fixture(scope="module")
def catalog(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        yield catalog_of(patch, voice_sources(tmp_path_factory.mktemp("voices")))


@pytest.fixture(scope="module")
def served(catalog):
    with serving(catalog) as running:
        yield running
