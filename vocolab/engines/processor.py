"""What a compiled graph depends on of the machine."""

from __future__ import annotations

import platform
from functools import cache
from pathlib import Path

_CPUINFO = Path("/proc/cpuinfo")


@cache
def processor() -> str:
    """The processor's name and what it can do, as the system states it."""
    stated = [platform.system(), platform.machine(), platform.processor()]
    try:
        lines = _CPUINFO.read_text(encoding="utf-8", errors="replace").partition("\n\n")[0].splitlines()
    except OSError:
        return " ".join(stated)
    told = dict(line.split(":", 1) for line in lines if ":" in line)
    wanted = {key.strip(): value.strip() for key, value in told.items()}
    return " ".join([*stated, *(wanted.get(key, "") for key in ("model name", "flags", "Features"))])
