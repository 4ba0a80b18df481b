"""Feeds every reader with broken files: `make fuzz`, or `python tests/fuzzing/run.py [TARGET ...] --seconds 60`.

With atheris (pip install atheris) mutations are guided by the branches that they reach; without it they are made at
random from the smallest good files. What a reader can't cope with is kept in out/fuzz, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))

from target import check
from targets import TARGETS

KEPT = Path("out/fuzz")


def main() -> int:
    """Fuzz what was named, or everything, one reader after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=float, default=20.0, help="for each reader")
    parser.add_argument("--guided", metavar="TARGET", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.guided:
        return _guided_here(options.guided, options.seconds)
    guided = importlib.util.find_spec("atheris") is not None
    print(f"{'guided by atheris' if guided else 'mutations at random (atheris is not installed)'}, "
          f"{options.seconds:g} s a reader")
    found = [name for name in options.targets or TARGETS if not (_guided if guided else _random)(name, options.seconds)]
    print(f"holes in: {', '.join(found)}; the files are in {KEPT}" if found else "no hole found")
    return 1 if found else 0


def _random(name: str, seconds: float) -> bool:
    """Whether nothing was found."""
    seeds, end_s, number = TARGETS[name].seeds(), time.monotonic() + seconds, int.from_bytes(os.urandom(6), "little")
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        while time.monotonic() < end_s:
            if not _passes(name, TARGETS[name].mutated(seeds, number + count), Path(folder)):
                return False
            count += 1
    print(f"{name}: {count} files")
    return True


def _passes(name: str, data: bytes, folder: Path) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            check(TARGETS[name], data, folder)
    except Exception:
        KEPT.mkdir(parents=True, exist_ok=True)
        kept = KEPT / f"{name.replace(' ', '-')}-{hashlib.sha256(data).hexdigest()[:12]}"
        kept.write_bytes(data)
        print(f"{name}: {kept}\n{traceback.format_exc()}")
        return False
    return True


def _guided(name: str, seconds: float) -> bool:
    """The same by atheris, in a process of its own: it ends its process when it is done."""
    command = [sys.executable, __file__, "--guided", name, "--seconds", str(seconds)]
    return subprocess.run(command, check=False).returncode == 0


def _guided_here(name: str, seconds: float) -> int:
    import atheris

    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        for number, seed in enumerate(TARGETS[name].seeds()):
            (corpus / str(number)).write_bytes(seed)
        with atheris.instrument_imports(include=["vocolab"]):
            check(TARGETS[name], TARGETS[name].seeds()[0], Path(folder))

        def one(data: bytes) -> None:
            if not _passes(name, data, Path(folder)):
                raise RuntimeError(f"a hole in {name}")

        atheris.Setup([sys.argv[0], str(corpus), f"-max_total_time={seconds:.0f}", "-rss_limit_mb=4096", "-timeout=20"],
                      one)
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
