from __future__ import annotations

import errno
import tempfile

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab.errors import OutputError
from vocolab.files import spool
from vocolab.files.spool import Kept, Spool


@pytest.fixture(params=["memory", "file"])
def _where(request, monkeypatch):
    if request.param == "file":
        monkeypatch.setattr(spool, "_IN_MEMORY_BYTES", 100)


@pytest.mark.usefixtures("_where")
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("block_samples", [1, 7, 1000])
def test_comes_out_as_it_went_in(channels, block_samples):
    audio = Audio(np.random.default_rng(0).standard_normal((channels, 101)), 8_000)
    kept = Spool(audio.sample_rate, channels)
    for block in audio.blocks(13):
        kept.append(block)
    assert (kept.sample_rate, kept.channels, kept.n_samples) == (8_000, channels, 101)
    blocks = list(kept.blocks(block_samples))
    assert max(block.shape[1] for block in blocks) <= block_samples
    np.testing.assert_array_equal(np.concatenate(blocks, axis=1), audio.samples)
    np.testing.assert_array_equal(Audio.of(kept).samples, audio.samples)


@pytest.mark.usefixtures("_where")
def test_two_walks_at_once():
    kept = Spool.of(Audio.mono(np.arange(100, dtype=np.float32), 8_000))
    for one, other in zip(kept.blocks(10), kept.blocks(10), strict=True):
        np.testing.assert_array_equal(one, other)


def test_nothing():
    kept = Spool.of(Audio(np.zeros((2, 0)), 8_000))
    assert list(kept.blocks()) == []
    assert Audio.of(kept).samples.shape == (2, 0)


def test_audio_is_a_signal_that_is_whole_already():
    audio = Audio.mono(np.zeros(3), 8_000)
    assert Audio.of(audio) is audio


def test_a_full_disk_is_one_line(monkeypatch):
    class Full:
        def seek(self, position):
            pass

        def write(self, data):
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self):
            pass

    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", lambda max_size: Full())
    with pytest.raises(OutputError, match=r"no room .* TMPDIR"):
        Spool.of(Audio.mono(np.zeros(3), 8_000))


class Counted:
    """A signal that counts how often it is made."""

    sample_rate, channels, n_samples = 8_000, 2, 100

    def __init__(self):
        self.walks = 0

    def blocks(self, block_samples=30):
        self.walks += 1
        yield from Audio(np.arange(200.0).reshape(2, 100), 8_000).blocks(block_samples)


def test_what_is_kept_is_made_once():
    signal = Counted()
    kept = Kept(signal)
    assert (kept.sample_rate, kept.channels, kept.n_samples, signal.walks) == (8_000, 2, 100, 0)
    walks = [np.concatenate(list(kept.blocks(size)), axis=1) for size in (30, 100, 7)]
    assert signal.walks == 1
    for walk in walks:
        np.testing.assert_array_equal(walk, np.arange(200.0).reshape(2, 100))


def test_a_walk_that_was_broken_off_is_not_kept():
    signal = Counted()
    kept = Kept(signal)
    next(iter(kept.blocks(30)))
    assert np.concatenate(list(kept.blocks(30)), axis=1).shape == (2, 100)
    assert signal.walks == 2
