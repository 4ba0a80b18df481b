"""Where the time of one short command goes: `vocolab render` of a 5 s mel, from the shell and step by step."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from vocolab.bench.speed.results import StartUp
from vocolab.errors import PluginError
from vocolab.mels.plausible import plausible_mel
from vocolab.mels.spec import MelSpec

SECONDS = 5.0
_RUNS = 3

_STAGES = """
import json, sys, time
marks = [("interpreter", time.process_time())]
import vocolab.cli.render, vocolab.rendering
marks.append(("imports", time.process_time()))
from vocolab.catalog import Catalog
catalog = Catalog.installed()
catalog.voices.entries(), catalog.vocoders.entries(), catalog.engines.entries()
marks.append(("plugins", time.process_time()))
from vocolab.engines import EngineChoice
from vocolab.rendering import open_vocoder
renderer = open_vocoder(catalog, voice=sys.argv[1], engine=EngineChoice(sys.argv[2], threads=1))
marks.append(("opening", time.process_time()))
import numpy as np
from vocolab.mels.mel import Mel
audio = renderer(Mel(np.load(sys.argv[3]), renderer.mel_spec))
marks.append(("rendering", time.process_time()))
audio.save(sys.argv[4])
marks.append(("writing", time.process_time()))
times = [when for _, when in marks]
print(json.dumps({name: when - before for (name, when), before in zip(marks, [0.0, *times])}))
"""


def start_up(voice: str, spec: MelSpec, engine: str) -> StartUp:
    """Measured on one thread, once the voice is compiled; the run of the least CPU time of three.

    Raises:
        PluginError: if the command fails.
    """
    with TemporaryDirectory(prefix="vocolab-") as folder:
        mel, audio = Path(folder, "mel.npy"), Path(folder, "out.wav")
        np.save(mel, plausible_mel(spec, round(SECONDS * spec.frame_rate_hz), np.random.default_rng(0)))
        command = [sys.executable, "-m", "vocolab", "--quiet", "render", str(mel), "--voice", voice, "--engine", engine,
                   "--threads", "1", "-o", str(audio)]  # fmt: skip
        _used(command)  # compiled after this
        wall_s, cpu_s = min((_used(command) for _ in range(_RUNS)), key=lambda used: used[1])
        stages = _output([sys.executable, "-c", _STAGES, voice, engine, str(mel), str(audio)])
    return StartUp(voice, engine, cpu_s, wall_s, json.loads(stages))


def _used(command: list[str]) -> tuple[float, float]:
    """Wall and CPU seconds of a process, as the kernel counted them."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise PluginError(f"{' '.join(command)} failed: {errors.decode(errors='replace').strip()}")
    return time.perf_counter() - began, usage.ru_utime + usage.ru_stime


def _output(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PluginError(f"measuring the start-up failed: {done.stderr.strip()}")
    return done.stdout.strip().splitlines()[-1]
