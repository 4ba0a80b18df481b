"""Pictures of files with any name: no formula is read out of one, and none stops the drawing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("matplotlib")

from vocolab.pictures.figures import plain
from vocolab.pictures.mels import plot_mel


@pytest.mark.parametrize("name", ["caf\udce9.npy", "cost $5$ x_{", r"$\frac{$", "😀" * 60, "a\nb\t", "日本"])
@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_any_name_is_a_title(tmp_path: Path, name: str, suffix: str) -> None:
    plot_mel(np.random.default_rng(0).normal(size=(80, 20)), tmp_path / f"x{suffix}", title=name)
    assert (tmp_path / f"x{suffix}").stat().st_size > 1000


def test_what_is_shown() -> None:
    assert plain("a$b\udce9\n") == r"a\$b??"
