"""`vocolab serve` as a process that is measured: started, asked for its figures, its processor time and memory."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_WARM_S = 900
"""A voice is compiled once a machine, and this one may be busy."""


@contextmanager
def running(workers: int, *, cached: bool) -> Iterator[tuple[int, int]]:
    """`vocolab serve` on a free port; gives port and process id."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "server.toml")
        kept = f'folder = "{folder}/cache"' if cached else "enabled = false"
        config.write_text(f'[cache]\n{kept}\n[log]\nlevel = "error"\n')
        command = [sys.executable, "-m", "vocolab", "serve", "--port", str(port), "--config", str(config), "--workers",
                   str(workers)]
        process = subprocess.Popen(command)
        try:
            _wait(port, process)
            yield port, process.pid
        finally:
            process.terminate()
            process.wait(300)


def _wait(port: int, process: subprocess.Popen) -> None:
    end_s = time.monotonic() + _WARM_S
    while time.monotonic() < end_s and process.poll() is None:
        try:
            ready = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/ready"))
            if ready["workers"] == ready["of"]:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise SystemExit("the server did not become ready")


def metric(port: int, name: str) -> float:
    """One of the server's own figures."""
    text = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics").read().decode()
    return float(next(line.split()[1] for line in text.splitlines() if line.split(" ")[0] == name))


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def speech_worker(pid: int) -> int:
    """One of the processes that speak."""
    return next(child for child in _children(pid) if b"\0speech\0" in Path(f"/proc/{child}/cmdline").read_bytes())


def cpu_s(pid: int) -> float:
    """Processor time of the server and all its processes so far: what other work on the machine does not change."""
    ticks = 0
    for one in (pid, *_children(pid)):
        user, system = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()[11:13]
        ticks += int(user) + int(system)
    return ticks / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> float:
    """What the server and the processes that speak hold for themselves."""
    total = 0
    for one in (pid, *_children(pid)):
        rows = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        total += sum(int(row.split()[1]) for row in rows if row.startswith(("Private_Clean", "Private_Dirty")))
    return total / 1000
