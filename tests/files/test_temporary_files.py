"""What killed runs leave behind is removed by the next run, and what live ones need is not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from vocolab.files import leftovers
from vocolab.files.atomic import check_place, whole_file

if sys.platform == "win32":
    pytest.skip("files can't be locked here", allow_module_level=True)

WRITER = """
import sys
from vocolab.files.atomic import whole_file
with whole_file(sys.argv[1]) as temporary:
    print(temporary, flush=True)
    sys.stdin.read()
    temporary.write_text("whole")
"""


@pytest.fixture(autouse=True)
def another_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "_looked_through", set())


def writer(target: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", WRITER, target], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def test_the_files_of_the_dead_go_and_those_of_the_living_stay(tmp_path: Path) -> None:
    with writer(tmp_path / "dead.wav") as dead, writer(tmp_path / "alive.wav") as alive:
        assert dead.stdout and alive.stdout and alive.stdin
        left, needed = (Path(one.stdout.readline().decode().strip()) for one in (dead, alive))
        dead.kill()
        dead.wait()
        assert left.exists()
        check_place(tmp_path / "other.flac")
        assert not left.exists()
        assert needed.exists()
        alive.stdin.close()
        assert alive.wait() == 0
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"alive.wav": "whole"}


@pytest.mark.parametrize("name", [".x.0123456789ab.tmp", ".vocolab.tmp", "x.vocolab-0123456789ab.tmp",
                                  ".x.vocolab-0123456789ab.tmp.wav"])
def test_files_of_others_stay(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("theirs")
    check_place(tmp_path / "mine.wav")
    assert os.listdir(tmp_path) == [name]


def test_what_is_no_file_stays(tmp_path: Path) -> None:
    kept = [".a.vocolab-0123456789ab.tmp", ".b.vocolab-0123456789ab.tmp", ".c.vocolab-0123456789ab.tmp"]
    (tmp_path / kept[0]).mkdir()
    (tmp_path / kept[1]).symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere").write_text("theirs")
    os.mkfifo(tmp_path / kept[2])
    check_place(tmp_path / "mine.wav")
    assert sorted(os.listdir(tmp_path)) == [*kept, "elsewhere"]


def test_the_longest_names_that_the_system_takes(tmp_path: Path) -> None:
    for name in ("a" * 251 + ".wav", "\N{GRINNING FACE}" * 62 + ".wav", "bad\udcff.wav"):
        with whole_file(tmp_path / name) as temporary:
            temporary.write_text("x")
        assert (tmp_path / name).read_text() == "x"
