"""Readers of what people write in TOML, and of what the benchmarks write for themselves."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from target import Target, call, seed, variable


@functools.cache
def _catalog() -> Any:
    from vocolab.catalog import Catalog

    return Catalog.installed(no_plugins=True)


def _read_preset(path: Path) -> Any:
    from vocolab.chain.presets import check_preset

    return check_preset(path, _catalog())


def _read_configuration(path: Path) -> Any:
    from vocolab.configuration import config

    with variable("VOCOLAB_CONFIG", str(path)):
        return config()


def _preset_seed() -> list[bytes]:
    return [b'format = 1\nsummary = "s"\n[target]\nintegrated_lufs = -19\n'
            b'[[effects]]\nuse = "highpass"\ncutoff_hz = 80\n[[effects]]\nuse = "limiter"\n[output]\nbit_depth = 24\n']


def _recipe_seed() -> list[bytes]:
    return [b'format = 1\nsummary = "s"\nmel_spec = "hifigan-22k"\n[model]\ndim = 4\n'
            b"[optimizer]\nsteps = 5\nbatch = 2\nsegment_frames = 16\nlearning_rate = 5e-4\n"]


_SPEED = ('{"command": "c", "rows": [], "effects": [], "starts": [], "problems": [], "machine": {"cpu": "x"}, '
          '"day": "2024-01-01"}')
_QUALITY = '{"data": {"rows": [{"label": "recordings"}, {"label": "a", "pesq_wb": 3.5}, {"label": "b"}]}}'

TARGETS: dict[str, Target] = {
    "preset": Target("p.toml", _read_preset, _preset_seed),
    "recipe": Target("r.toml", call("vocolab.training.recipe", "read_recipe"), _recipe_seed),
    "configuration": Target("config.toml", _read_configuration, seed(
        '[defaults]\nvoice = "vocos-22k"\ndevice = "cpu"\n[plugins]\noff = ["x"]\n[paths]\nvst3 = ["/opt/vst3"]\n')),
    "results of speed": Target("s.json", call("vocolab.bench.speed.comparing", "read_results"), seed(_SPEED)),
    "results of quality": Target("q.json", call("vocolab.bench.speed.plot", "read_quality"), seed(_QUALITY)),
}
