"""Files appear whole or not at all, whatever goes wrong."""

import errno
import os
import stat

import pytest
from full_disk import full_disk

from vocolab.errors import OutputError
from vocolab.files import atomic
from vocolab.files.atomic import whole_file


def test_content_and_name(tmp_path):
    with whole_file(tmp_path / "a.bin") as temporary:
        assert temporary.parent == tmp_path, "a rename is atomic on one file system only"
        assert temporary.name.startswith(".")
        temporary.write_bytes(b"abc")
        assert not (tmp_path / "a.bin").exists()
    assert (tmp_path / "a.bin").read_bytes() == b"abc"
    assert os.listdir(tmp_path) == ["a.bin"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit, MemoryError])
def test_any_failure_leaves_what_was_there(tmp_path, error):
    (tmp_path / "a.bin").write_bytes(b"old")
    with pytest.raises(error), whole_file(tmp_path / "a.bin") as temporary:
        temporary.write_bytes(b"half")
        raise error
    assert (tmp_path / "a.bin").read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.bin"]


def test_full_disk(tmp_path):
    target = tmp_path / "a.bin"
    with full_disk(1000), pytest.raises(OutputError, match=r"a\.bin: no space"), whole_file(target) as t:
        t.write_bytes(bytes(2000))
    assert os.listdir(tmp_path) == []


def test_full_disk_that_shows_only_when_the_data_is_synced(tmp_path, monkeypatch):
    def no_space(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(atomic.os, "fsync", no_space)
    with pytest.raises(OutputError, match="no space left"), whole_file(tmp_path / "a.bin") as temporary:
        temporary.write_bytes(b"abc")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("code", "said"),
    [(errno.EROFS, "can't be written to"), (errno.EACCES, "can't be written to"), (errno.ENOSPC, "no space left")],
)
def test_folder_that_takes_no_file(tmp_path, monkeypatch, code, said):
    def refuse(*_arguments):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(atomic.os, "open", refuse)
    with pytest.raises(OutputError, match=said) as caught, whole_file(tmp_path / "a.bin"):
        pytest.fail("the work began although its result can't be written")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("missing/a.bin", "does not exist; create it first"),
        ("file.txt/a.bin", "is not a folder"),
        ("folder", "is a folder; name a file"),
        ("x" * 300, "can't be written: File name too long"),
    ],
)
def test_impossible_places(tmp_path, place, said):
    (tmp_path / "file.txt").write_text("text")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match=said), whole_file(tmp_path / place):
        pytest.fail("the work began although its result can't be written")
    assert sorted(os.listdir(tmp_path)) == ["file.txt", "folder"]


def test_device_is_not_replaced():
    with pytest.raises(OutputError, match="not an ordinary file"), whole_file("/dev/null"):
        pytest.fail("the work began")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_symbolic_link_stays_one(tmp_path):
    (tmp_path / "real.bin").write_bytes(b"old")
    (tmp_path / "link.bin").symlink_to(tmp_path / "real.bin")
    with whole_file(tmp_path / "link.bin") as temporary:
        temporary.write_bytes(b"new")
    assert (tmp_path / "link.bin").is_symlink()
    assert (tmp_path / "real.bin").read_bytes() == b"new"


def test_permissions_are_the_usual_ones(tmp_path):
    before = os.umask(0o022)
    try:
        with whole_file(tmp_path / "a.bin") as temporary:
            temporary.write_bytes(b"abc")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.bin").stat().st_mode) == 0o644


def test_long_name_fits(tmp_path):
    name = "n" * 250 + ".wav"
    with whole_file(tmp_path / name) as temporary:
        temporary.write_bytes(b"abc")
    assert os.listdir(tmp_path) == [name]


def test_error_about_another_file_is_not_about_this_one(tmp_path):
    with pytest.raises(FileNotFoundError), whole_file(tmp_path / "a.bin"):
        (tmp_path / "other.bin").read_bytes()
    assert os.listdir(tmp_path) == []
