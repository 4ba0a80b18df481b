"""F0 of what comes out, against what went in."""

from __future__ import annotations

import numpy as np
import pytest
from test_metrics import audio, noise, pulses

from vocolab.errors import AudioError
from vocolab.metrics import f0_error_cents, f0_gross_percent
from vocolab.pitch.periodicity import track_pitch


@pytest.mark.parametrize("pitch_hz", [75.0, 181.3, 333.0, 460.0])
def test_the_tracker_places_a_pitch_within_some_cents(pitch_hz: float) -> None:
    """A sample of lag is 50 cents at 460 Hz; the parabola is finer than that."""
    found = track_pitch(audio(pulses(0.6, pitch_hz))).frequency_hz[5:-8]
    assert np.abs(1200 * np.log2(found / pitch_hz)).max() < 6


@pytest.mark.parametrize("cents", [0.0, 20.0, -45.0, 200.0])
def test_a_detuned_rendering_is_off_by_what_it_was_detuned_by(cents: float) -> None:
    recorded, rendered = audio(pulses(0.8, 160.0)), audio(pulses(0.8, 160.0 * 2 ** (cents / 1200)))
    assert f0_error_cents(recorded, rendered) == pytest.approx(abs(cents), abs=5)
    assert f0_gross_percent(recorded, rendered) == 0


def test_an_octave_in_a_quarter_of_the_frames_is_a_quarter_of_gross_errors() -> None:
    recorded = audio(pulses(1.0, 120.0))
    rendered = audio(pulses(0.75, 120.0), pulses(0.25, 240.0))
    assert f0_gross_percent(recorded, rendered) == pytest.approx(25, abs=4)
    assert f0_error_cents(recorded, rendered) < 5


def test_without_a_frame_that_both_have_voiced_there_is_no_error() -> None:
    with pytest.raises(AudioError, match="no frame is voiced in both"):
        f0_error_cents(audio(pulses(0.5, 120.0)), audio(noise(0.5)))
