"""Cases of `../shared/conformance`: checkpoints as their own code writes them, and what that code computes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from conformance import arrays, write_checkpoint
from numpy.typing import NDArray

from vocolab.api import convert
from vocolab.checkpoints import Conversion
from vocolab.mels.spec import MelSpec

_CONFIGS = ("*.yml", "*.yaml", "*.json", "stats.h5")


def checkpoint_of(shared: Path, name: str, folder: Path) -> Path:
    """The case's checkpoint, its config and what else the project puts there beside it."""
    case = shared / "conformance" / name
    path = write_checkpoint(case, folder / "checkpoint.pt")
    for pattern in _CONFIGS:
        for file in case.glob(pattern):
            if file.name != "layout.json":
                (folder / file.name).write_bytes(file.read_bytes())
    return path


def converted(shared: Path, name: str, folder: Path, **stated: Any) -> tuple[Conversion, dict[str, NDArray[Any]]]:
    """The conversion of a case, and its inputs and outputs."""
    return convert(checkpoint_of(shared, name, folder), **stated), arrays(shared / "conformance" / name)


def spec_of(conversion: Conversion) -> MelSpec:
    """The convention of a converted vocoder, which has one."""
    assert conversion.voice.mel_spec is not None
    return conversion.voice.mel_spec


def assert_close(rendered: NDArray[np.float32], expected: NDArray[np.float32], tolerance: float = 1e-4) -> None:
    """Sample by sample, and no silence."""
    assert np.ptp(expected) > 0.01
    np.testing.assert_allclose(rendered[: expected.size], expected, atol=tolerance, rtol=0)
