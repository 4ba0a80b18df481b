"""A package with voices that speak, installed."""

from __future__ import annotations

import pytest
from speaking_fakes import Level, Reader, catalog_of, voice_sources

from vocolab.speaking.calls import open_narrator


@pytest.fixture
def sources(tmp_path):
    return voice_sources(tmp_path)


@pytest.fixture
def catalog(monkeypatch, sources):
    Reader.said = Reader.interrupt_at = 0
    Level.given.clear()
    return catalog_of(monkeypatch, sources)


@pytest.fixture
def notes():
    return []


@pytest.fixture
def narrator(catalog, notes):
    return open_narrator(catalog, "reader-one", on_note=notes.append)
