"""A prepared folder from somebody else: nothing outside it is removed or written, whatever its journal says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from corpus_fakes import write_folder

from vocolab.corpora.prepared import PreparedFolder
from vocolab.corpora.preparing import Settings, prepare
from vocolab.errors import CallError
from vocolab.mels.conventions import convention

SPEC = convention("hifigan-22k")


def journal(folder: Path, *names: object) -> Path:
    """A folder whose journal has these names."""
    (folder / "flac").mkdir(parents=True)
    lines = (json.dumps({"name": name, "stamp": "", "problem": "x", "figures": None}) for name in names)
    (folder / "clips.jsonl").write_text("".join(f"{line}\n" for line in lines))
    return folder


def test_names_that_lead_elsewhere_count_for_nothing(tmp_path: Path) -> None:
    bad = ("../../victim", "/etc/victim", "a/../b", "..\\victim", ".hidden", "", "a\0b", "x" * 300, 5, None, ["a"])
    folder = journal(tmp_path / "theirs", "good", *bad)
    with (folder / "clips.jsonl").open("a") as lines:
        lines.write("[" * 100_000 + "\n")
    assert list(PreparedFolder(folder).records()) == ["good"]


def test_a_stale_clip_goes_and_a_foreign_file_stays(tmp_path: Path) -> None:
    folder = journal(tmp_path / "theirs", "../../victim", "stale")
    victim, stale = tmp_path / "victim.flac", folder / "flac" / "stale.flac"
    victim.touch()
    stale.touch()
    prepare(write_folder(tmp_path / "raw", 3), folder, SPEC, Settings(trim_db=None))
    assert victim.exists() and not stale.exists()


def test_the_folder_of_clips_may_be_no_link(tmp_path: Path) -> None:
    folder = journal(tmp_path / "theirs", "song")
    (folder / "flac").rmdir()
    (tmp_path / "music").mkdir()
    (tmp_path / "music" / "song.flac").touch()
    (folder / "flac").symlink_to(tmp_path / "music")
    with pytest.raises(CallError, match="is a link and may lead to files of others"):
        prepare(write_folder(tmp_path / "raw", 3), folder, SPEC, Settings(trim_db=None))
    assert (tmp_path / "music" / "song.flac").exists()
