"""A preset from a stranger runs no native code: the command line and the configuration alone choose programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from vocolab.catalog import Catalog
from vocolab.chain.presets import check_preset
from vocolab.errors import PresetError
from vocolab.options import program_options

CATALOG = Catalog.installed(no_plugins=True)


def preset(folder: Path, path: str) -> str:
    file = folder / "stranger.toml"
    file.write_text(f'format = 1\nsummary = "Warm"\n[[effects]]\nuse = "vst3"\npath = "{path}"\n')
    return str(file)


@pytest.fixture
def allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that the configuration allows."""
    folder = tmp_path / "allowed"
    folder.mkdir()
    (tmp_path / "config.toml").write_text(f'[paths]\nvst3 = ["{folder}"]\n')
    monkeypatch.setenv("VOCOLAB_CONFIG", str(tmp_path / "config.toml"))
    return folder


def refused(file: str, *overrides: str) -> str:
    with pytest.raises(PresetError) as caught:
        check_preset(file, CATALOG, overrides)
    (problem,) = caught.value.problems
    return problem


def test_a_preset_chooses_no_program(tmp_path: Path) -> None:
    said = refused(preset(tmp_path, "warm.vst3"))
    assert "stranger.toml:5: effects[0] (vst3) path = 'warm.vst3': a preset may not choose a program to run" in said
    assert "--set vst3.path=" in said and "now: none" in said
    assert "may not choose" in refused(preset(tmp_path, "warm.vst3"), "vst3.mix=0.5")


def test_the_command_line_may(tmp_path: Path) -> None:
    (step,) = check_preset(preset(tmp_path, "warm.vst3"), CATALOG, ["vst3.path=mine.vst3"]).steps
    assert step.options.model_dump()["path"] == "mine.vst3"


def test_so_may_a_folder_of_the_configuration(tmp_path: Path, allowed: Path) -> None:
    assert check_preset(preset(tmp_path, f"{allowed}/warm.vst3"), CATALOG).steps


@pytest.mark.parametrize("path", ["{0}/../warm.vst3", "{0}/link.vst3", "{0}x/warm.vst3", "ring.vst3", "a\\u0000b"])
def test_nothing_leads_out_of_it(tmp_path: Path, allowed: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.chdir(tmp_path)
    (allowed / "link.vst3").symlink_to(tmp_path / "warm.vst3")
    (tmp_path / "ring.vst3").symlink_to(tmp_path / "ring.vst3")
    said = refused(preset(tmp_path, path.format(allowed)))
    assert "may not choose" in said and f"now: {allowed}" in said


def test_every_effect_of_others_programs_says_so() -> None:
    """`path` and `file` of an effect are what native code comes by."""
    marked = {entry.name: program_options(entry.spec.options) for entry in CATALOG.effects.entries()}
    assert {name: options for name, options in marked.items() if options} == {"vst3": ["path"]}
    for entry in CATALOG.effects.entries():
        assert {"path", "file"} & set(entry.spec.options.model_fields) <= set(marked[entry.name])


def test_a_preset_reads_no_file_either(tmp_path: Path) -> None:
    file = tmp_path / "stranger.toml"
    file.write_text('format = 1\nsummary = "Alike"\n[[effects]]\nuse = "match"\nreference = "/etc/passwd"\n')
    said = refused(str(file))
    assert "a preset may not choose a file to read" in said and "[paths] references" in said
    assert check_preset(str(file), CATALOG, ["match.reference=mine.wav"]).steps
