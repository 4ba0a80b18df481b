"""Where the judges' environment is, and how it is built.

    python -m vocolab.bench.judges.environment     builds it, which takes minutes, or says that it is there

It lies in `$VOCOLAB_JUDGES`, or else in `judges` of vocolab's cache; 2 GB. It is built beside its place and
moved there when it is whole.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

from vocolab.configuration import cache_folder
from vocolab.errors import DependencyMissing, VocolabError

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
_STAMP = "vocolab-judges"
"""A file with the hash of the requirements that an environment was built from."""
_STAND_IN = '"""Stands in for torchaudio, of which the judges import the name alone."""\n'


def judges_folder() -> Path:
    """Where the environment is, or would be."""
    named = os.environ.get("VOCOLAB_JUDGES")
    return Path(named) if named else cache_folder() / "judges"


def judges_python() -> Path:
    """The Python of a complete environment.

    Raises:
        DependencyMissing: if there is none, or one of other requirements.
    """
    folder = judges_folder()
    python = _python(folder)
    if not python.exists():
        raise DependencyMissing(f"the judges are not built: no environment in {folder}; 'make judges' or 'python -m "
                                "vocolab.bench.judges.environment' builds it (2 GB, some minutes)")
    if not _is_current(folder):
        raise DependencyMissing(f"the judges in {folder} are of other versions than this vocolab's; 'make judges' "
                                "builds them anew")
    return python


def build(say: Callable[[str], None]) -> Path:
    """Build the environment, unless it is there: its Python.

    Args:
        say: Called with a line for each step.

    Raises:
        VocolabError: if a package could not be installed. What was there before stays.
    """
    folder = judges_folder()
    if _python(folder).exists() and _is_current(folder):
        say(f"the judges are in {folder}")
        return _python(folder)
    beside = folder.with_name(folder.name + ".unfinished")
    shutil.rmtree(beside, ignore_errors=True)
    say(f"building the judges in {folder}")
    try:
        _install(beside)
    except (OSError, subprocess.CalledProcessError) as error:
        shutil.rmtree(beside, ignore_errors=True)
        raise VocolabError(f"the judges could not be built: {error}", about=folder) from error
    shutil.rmtree(folder, ignore_errors=True)
    beside.rename(folder)
    say(f"the judges are in {folder}")
    return _python(folder)


def _install(folder: Path) -> None:
    venv.create(folder, with_pip=True)
    python = _python(folder)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, "-r", str(REQUIREMENTS)], check=True)
    where = subprocess.run([str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], check=True,
                           capture_output=True, text=True).stdout.strip()
    (Path(where) / "torchaudio.py").write_text(_STAND_IN, encoding="utf-8")
    (folder / _STAMP).write_text(_fingerprint(), encoding="utf-8")


def _python(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _is_current(folder: Path) -> bool:
    stamp = folder / _STAMP
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == _fingerprint()


def _fingerprint() -> str:
    return hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()


if __name__ == "__main__":
    try:
        build(print)
    except VocolabError as error:
        sys.exit(f"error: {error}")
