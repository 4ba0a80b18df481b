"""F0 of a mel that comes in parts is the same to the last bit, however it is cut."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from vocolab.catalog import Catalog
from vocolab.mels.plausible import plausible_mel
from vocolab_harmonic.mel_pitch import MelPitch, f0_of
from vocolab_harmonic.pitch_reader import PitchReader

FRAMES = 300
VOICE = Catalog.installed(no_plugins=True).voices.load("harmonic-22k")
READER = PitchReader.of(VOICE)
MEL = plausible_mel(READER.spec, FRAMES, np.random.default_rng(5))


@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.integers(0, FRAMES), max_size=8), late_frames=st.sampled_from([0, 23]))
def test_any_partition_gives_the_same_bits(cuts: list[int], late_frames: int) -> None:
    pitch, whole = MelPitch(READER, late_frames), MelPitch(READER, late_frames)
    parts = [pitch.extend(part) for part in np.split(MEL, sorted(cuts), axis=1)]
    found = np.concatenate([*parts, pitch.finish()])
    wanted = np.concatenate([whole.extend(MEL), whole.finish()])
    assert found.shape == (FRAMES,)
    assert np.array_equal(found, wanted)


def test_filters_that_are_late_let_the_first_block_be_longer_and_change_nothing_else() -> None:
    pitch = MelPitch(READER, 23)
    found = np.concatenate([pitch.extend(MEL), pitch.finish()])
    np.testing.assert_allclose(found, f0_of(READER, MEL), rtol=1e-5)
