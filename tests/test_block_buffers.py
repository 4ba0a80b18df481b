"""What streams keep between blocks, wherever they are cut; and the form of signals made from others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocolab.audio import Audio
from vocolab.block_buffers import Past, Waiting
from vocolab.errors import AudioError
from vocolab.signals import DerivedSignal, Joined

STREAM = np.arange(2 * 60, dtype=np.float32).reshape(2, 60)
CUTS = st.lists(st.integers(0, 60), max_size=8).map(sorted)


def cut(cuts):
    return np.split(STREAM, cuts, axis=1)


@given(CUTS, st.integers(1, 9), st.integers(1, 9))
def test_windows_are_those_of_the_whole(cuts, one, other):
    size, hop = max(one, other), min(one, other)
    waiting = Waiting(2, size, hop)
    windows = [window for block in cut(cuts) for window in waiting.windows(block)]
    starts = range(0, 60 - size + 1, hop)
    assert [window.tolist() for window in windows] == [STREAM[:, s : s + size].tolist() for s in starts]
    np.testing.assert_array_equal(waiting.samples, STREAM[:, len(starts) * hop :])


@given(CUTS, st.integers(0, 9))
def test_each_block_is_seen_after_what_came_before(cuts, kept):
    past, position = Past(kept, 2), 0
    padded = np.pad(STREAM, ((0, 0), (kept, 0)))
    for block in cut(cuts):
        np.testing.assert_array_equal(past.before(block), padded[:, position : position + kept + block.shape[1]])
        position += block.shape[1]


def test_a_curve_has_one_axis_and_double_precision():
    assert Past(2).before(np.array([1.0, 2.0])).tolist() == [0, 0, 1, 2]
    assert Past(2).before(np.array([1.0], np.float32)).dtype == np.float64


class Doubled(DerivedSignal):
    def blocks(self, block_samples=0):
        yield from self.source.blocks()
        yield from self.source.blocks()


def test_a_derived_signal_has_the_form_of_its_source_unless_it_says_otherwise():
    audio = Audio(STREAM, 8_000)
    same = Doubled(audio)
    assert (same.sample_rate, same.channels, same.n_samples) == (8_000, 2, 60)
    other = Doubled(audio, sample_rate=16_000, channels=1, n_samples=120)
    assert (other.sample_rate, other.channels, other.n_samples) == (16_000, 1, 120)
    assert Audio.of(Doubled(audio, n_samples=120)).samples.tolist() == np.tile(STREAM, 2).tolist()


def test_joined_signals_are_of_one_kind():
    whole = Joined([Audio(STREAM, 8_000), Audio(STREAM[:, :7], 8_000)])
    assert whole.n_samples == 67
    np.testing.assert_array_equal(Audio.of(whole).samples, np.concatenate([STREAM, STREAM[:, :7]], axis=1))
    with pytest.raises(AudioError, match="of one kind: 1 ch at 8000 Hz and 2 ch at 8000 Hz"):
        Joined([Audio(STREAM, 8_000), Audio(STREAM[:1], 8_000)])
