"""A chain over audio that is still coming gives what it gives of the whole, or says what has to know the whole."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vocolab.audio import Audio
from vocolab.catalog import Catalog
from vocolab.chain.chain import Chain
from vocolab.chain.one_pass import Coming, needs_the_whole, run_coming
from vocolab.chain.presets import read_preset
from vocolab.errors import PluginError

CATALOG = Catalog.installed(no_plugins=True)
AUDIO = Audio((0.1 * np.random.default_rng(0).standard_normal((2, 30_000))).astype(np.float32), 48_000)


def chain(*names: str) -> Chain:
    return Chain([CATALOG.effects.create(name) for name in names])


def coming(size: int) -> Coming:
    def blocks() -> Iterator[np.ndarray]:
        for start in range(0, AUDIO.n_samples, size):
            yield AUDIO.samples[:, start : start + size]

    return Coming(blocks(), AUDIO.sample_rate, AUDIO.channels)


@settings(max_examples=8, deadline=None)
@given(st.integers(100, 40_000))
def test_what_leaves_is_what_the_whole_gives(size: int) -> None:
    effects = chain("gain", "compressor", "limiter")
    assert needs_the_whole(effects) == ""
    found = np.concatenate(list(run_coming(effects, coming(size)).blocks()), axis=1)
    np.testing.assert_allclose(found, effects(AUDIO).samples, atol=1e-5)


def test_what_has_to_know_the_whole_is_named() -> None:
    assert needs_the_whole(chain("gain")) == ""
    assert "loudness" in needs_the_whole(read_preset("broadcast", CATALOG))
    assert "fade" in needs_the_whole(chain("fade"))


def test_nobody_knows_how_long_it_is() -> None:
    with pytest.raises(PluginError, match="still coming"):
        _ = coming(10).n_samples
