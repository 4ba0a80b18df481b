"""Two runs never write into one folder, and a run that was killed is in nobody's way."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from jobs import job

from vocolab.errors import TrainingError
from vocolab.training.run_lock import run_lock

if sys.platform == "win32":
    pytest.skip("folders can't be locked here", allow_module_level=True)

HOLDER = """
import sys
from pathlib import Path
from vocolab.training.run_lock import run_lock
with run_lock(Path(sys.argv[1]), print):
    print("held", flush=True)
    sys.stdin.read()
"""


def unsaid(text: str) -> None:
    raise AssertionError(text)


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    with subprocess.Popen([sys.executable, "-c", HOLDER, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as one:
        assert one.stdout is not None and one.stdout.readline() == b"held\n"
        with pytest.raises(TrainingError, match="another 'vocolab train' is at work in it"), run_lock(folder, unsaid):
            pass
        one.kill()
        one.wait()
    with run_lock(folder, unsaid):
        assert not list(folder.iterdir())


def test_a_second_training_is_refused_before_it_reads_anything(tmp_path: Path) -> None:
    run = tmp_path / "run"
    with run_lock(run, unsaid):
        (run / ".5.pt.tmp").touch()
        with pytest.raises(TrainingError, match="another 'vocolab train' is at work in it"):
            job("vocos", run).run(tmp_path / "no corpus", unsaid, unsaid)
        assert (run / ".5.pt.tmp").exists()


def test_a_folder_of_nothing_is_not_left(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="early"), run_lock(tmp_path / "new" / "run", unsaid):
        raise ValueError("early")
    assert not (tmp_path / "new").exists()
    (tmp_path / "there").mkdir()
    with run_lock(tmp_path / "there", unsaid):
        pass
    assert (tmp_path / "there").exists()
