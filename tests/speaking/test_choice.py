"""Which voice speaks and which vocoder renders it; what does not go together is refused with both named."""

from __future__ import annotations

import pytest
from speaking_fakes import catalog_of, voice_sources

from vocolab.catalog import Catalog
from vocolab.errors import CallError, CheckpointError, MelMismatch, UnknownName
from vocolab.plugins.host import PluginHost
from vocolab.speaking.choice import choose_voice
from vocolab.speaking.opening import open_voice


def test_the_best_voice_speaks(monkeypatch, tmp_path) -> None:
    catalog = catalog_of(monkeypatch, voice_sources(tmp_path, reader_rank=10_000))
    assert choose_voice(catalog).name == "readers-22k"  # what is built in, whatever others' ranks
    first = Catalog(PluginHost(first=("acme",)))
    assert choose_voice(first).name == "reader-one"
    assert open_voice(first).name == "reader-one"


def test_by_name_by_model_and_by_file(catalog, tmp_path) -> None:
    for wanted in ("reader-one", "acme/reader-one", "reader", tmp_path / "reader-one.safetensors"):
        voice = open_voice(catalog, wanted)
        assert voice.vocoder_name == "level-22k"  # that which the voice was made with
    assert open_voice(catalog, "chorus").vocoder_name == ""


def test_unknown_names_and_what_does_not_speak(catalog) -> None:
    with pytest.raises(UnknownName, match="reader-one"):
        open_voice(catalog, "reader-on")
    with pytest.raises(CheckpointError, match="does not speak"):
        open_voice(catalog, "level-22k")
    with pytest.raises(UnknownName, match="no speaker named 'loud'"):
        open_voice(catalog, "reader-one", speaker="loud")
    with pytest.raises(CallError, match="one speaker"):
        open_voice(catalog, "chorus", speaker="loud")
    with pytest.raises(CallError, match="makes its audio itself"):
        open_voice(catalog, "chorus", vocoder="level-22k")
    with pytest.raises(UnknownName, match="no vocoder named 'levl'"):
        open_voice(catalog, "reader-one", vocoder="levl")


def test_a_vocoder_that_is_missing_is_replaced_by_the_best_that_fits_which_is_said(monkeypatch, tmp_path) -> None:
    catalog = catalog_of(monkeypatch, voice_sources(tmp_path, made_with="level-of-yore"))
    notes: list[str] = []
    voice = open_voice(catalog, "reader-one", on_note=notes.append)
    best = voice.vocoder_name
    assert best == "vocolab/harmonic-22k"  # the highest rank that takes such mels; level-48k has a higher one
    missing = "the voice was made with the vocoder level-of-yore, which is not installed"
    assert notes == [f"{missing}: {best} takes its place"]


def test_a_vocoder_by_its_name_has_the_voice_that_fits(catalog) -> None:
    assert open_voice(catalog, "reader-one", vocoder="level").vocoder_name == "acme/level-22k"
    assert open_voice(catalog, "reader-one", vocoder="griffinlim").vocoder_name == "griffinlim"


def test_a_vocoder_for_48_khz_is_refused_with_the_fields(catalog) -> None:
    with pytest.raises(MelMismatch, match=r"hifigan-22k.*studio-48k.*sample_rate") as refused:
        open_voice(catalog, "reader-one", vocoder="level-48k")
    assert "sample_rate" in refused.value.fields


def test_a_voice_whose_mels_nobody_takes_is_refused_with_all_named(monkeypatch, tmp_path) -> None:
    import dataclasses

    import speaking_fakes

    odd = dataclasses.replace(speaking_fakes.SPEC, n_mels=77)
    speaking_fakes.voice("reader", "acoustic model", odd).save(tmp_path / "odd.safetensors")
    catalog = catalog_of(monkeypatch, voice_sources(tmp_path))
    with pytest.raises(MelMismatch, match=r"77.*level-22k.*--vocoder griffinlim"):
        open_voice(catalog, tmp_path / "odd.safetensors")


def test_what_the_voice_recommends_for_its_mels_is_done(monkeypatch, tmp_path) -> None:
    import speaking_fakes

    speaking_fakes.reader_voice(vocoder="level-22k", refine=2).save(tmp_path / "refined.safetensors")
    catalog = catalog_of(monkeypatch, voice_sources(tmp_path))
    voice = open_voice(catalog, tmp_path / "refined.safetensors")
    assert voice.stages.renderer.postfilters.refine == 2
    plain = open_voice(catalog, tmp_path / "refined.safetensors", vocoder_options={"refine": 0})
    assert not plain.stages.renderer.postfilters.refine
