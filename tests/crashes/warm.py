"""A process that has imported everything, and starts each call of the command line as a fork of itself.

It reads a line of JSON a call from stdin, {"arguments", "folder", "most_bytes"}, and answers with two: the process's
number when it starts, and what `os.waitpid` says of it when it has ended.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from importlib import import_module


def main() -> None:
    """Import what the first line names, then start calls until stdin ends."""
    for name in json.loads(sys.stdin.readline()):
        import_module(name)
    for line in sys.stdin:
        call = json.loads(line)
        child = os.fork()
        if child == 0:
            _become(call)
        print(child, flush=True)
        print(os.waitpid(child, 0)[1], flush=True)


def _become(call: dict[str, object]) -> None:
    """Run one call as `vocolab` does, its streams in files of the folder."""
    os.chdir(str(call["folder"]))
    for descriptor, name in ((0, os.devnull), (1, "stdout.txt"), (2, "stderr.txt")):
        how = os.O_RDONLY if descriptor == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        os.dup2(os.open(name, how, 0o666), descriptor)
    if call["most_bytes"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(str(call["most_bytes"])),) * 2)
    sys.argv = ["vocolab", *call["arguments"]]  # type: ignore[misc]
    from vocolab.__main__ import main as run

    code: object = 1
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
