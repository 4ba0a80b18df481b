"""A prepared folder from somebody else: nothing outside it is removed or written, whatever its journal says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from corpus_fakes import write_folder

from vocolab.corpora.folder import read_metadata
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


@pytest.mark.parametrize("name", ["clips.jsonl", "metadata.csv", "validation.txt", "corpus.json", "report.json",
                                  "flac/clip_1.flac"])
def test_a_link_in_it_leads_nowhere(tmp_path: Path, name: str) -> None:
    raw, folder = write_folder(tmp_path / "raw", 3), tmp_path / "theirs"
    clip = read_metadata(raw)[0].name
    prepare(raw, folder, SPEC, Settings(trim_db=None))
    victim, link = tmp_path / "victim", folder / name.replace("clip_1", clip)
    link.rename(victim)  # what the link leads to is what the folder should hold
    before = victim.read_bytes()
    link.symlink_to(victim)
    prepare(raw, folder, SPEC, Settings(trim_db=None))
    assert victim.read_bytes() == before
    assert link.is_file() and not link.is_symlink()


@pytest.mark.parametrize(("field", "value"), [("seconds", "1"), ("seconds", float("nan")), ("channels", 1.5),
                                              ("digest", 5), ("peak_dbfs", [1]), ("channels_equal", 1)])
def test_figures_of_other_types_count_for_nothing(tmp_path: Path, field: str, value: object) -> None:
    raw, folder = write_folder(tmp_path / "raw", 3), tmp_path / "theirs"
    prepare(raw, folder, SPEC, Settings(trim_db=None))
    records = [json.loads(line) for line in (folder / "clips.jsonl").read_text().splitlines()]
    records[0]["figures"][field] = value
    (folder / "clips.jsonl").write_text("".join(f"{json.dumps(record)}\n" for record in records))
    assert len(PreparedFolder(folder).records()) == 2
    assert prepare(raw, folder, SPEC, Settings(trim_db=None)).prepared_now == 1
