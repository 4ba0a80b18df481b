"""A process that has imported everything, and starts each call of the command line as a fork of itself.

It reads a line of JSON a call from stdin, {"arguments", "folder", "most_bytes", "signal", "after_s"}, and answers with
what `os.waitpid` says of the process when it has ended.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from importlib import import_module


def main() -> None:
    """Import what the first line names, then start calls until stdin ends."""
    for name in json.loads(sys.stdin.readline()):
        import_module(name)
    import_module("vocolab.__main__")
    for line in sys.stdin:
        call = json.loads(line)
        begins, began = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(begins)
            _become(call, began)
        os.close(began)
        os.read(begins, 1)  # before that it is this file's process, and no signal has a promised end
        os.close(begins)
        print(_ended(child, call["signal"], call["after_s"]), flush=True)


def _ended(child: int, number: int, after_s: float) -> int:
    """Wait for its end, and send the signal if it does not come in time; its number is its own until then."""
    due_s = time.monotonic() + after_s
    while number and time.monotonic() < due_s:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        time.sleep(0.002)
    if number:
        os.kill(child, number)
    return os.waitpid(child, 0)[1]


def _become(call: dict[str, object], began: int) -> None:
    """Run one call as `vocolab` does, its streams in files of the folder; `began` is told when it begins."""
    os.chdir(str(call["folder"]))
    for descriptor, name in ((0, os.devnull), (1, "stdout.txt"), (2, "stderr.txt")):
        how = os.O_RDONLY if descriptor == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        os.dup2(os.open(name, how, 0o666), descriptor)
    if call["most_bytes"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(str(call["most_bytes"])),) * 2)
    sys.argv = ["vocolab", *call["arguments"]]  # type: ignore[misc]
    from vocolab.__main__ import main as run

    code: object = 1
    os.write(began, b".")
    os.close(began)
    try:
        run()
    except SystemExit as end:
        code = end.code
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code if isinstance(code, int) else 1)


if __name__ == "__main__":
    main()
