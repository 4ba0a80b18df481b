"""What is said of a signal, and of whom."""

from __future__ import annotations

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab.delivery.examined import Examined


def findings(samples: list[float], *, is_rendered: bool) -> list[str]:
    examined = Examined(Audio.mono(np.array(samples, np.float32), 22_050), is_rendered=is_rendered)
    list(examined.blocks())
    return examined.findings()


@pytest.mark.parametrize(("is_rendered", "subject"), [(False, "the input"), (True, "the rendering")])
def test_silence_is_told_of_what_is_silent(is_rendered: bool, subject: str) -> None:
    assert findings([0.0] * 100, is_rendered=is_rendered) == [f"{subject} is digital silence: nothing is boosted"]


@pytest.mark.parametrize(
    ("is_rendered", "subject"),
    [(False, "the input is clipped: 4.0%"), (True, "the vocoder's output is at full scale or over it in 4.0%")],
)
def test_full_scale_is_told_of_a_recording_as_a_loss_and_of_a_vocoder_as_a_level(
    is_rendered: bool, subject: str
) -> None:
    (line,) = findings([2.0] * 4 + [0.5] * 96, is_rendered=is_rendered)
    assert line.startswith(subject)
    assert ("lost" in line, "up to +6.0 dBFS" in line) == (not is_rendered, is_rendered)


@pytest.mark.parametrize("is_rendered", [False, True])
def test_what_is_under_full_scale_is_not_remarked(is_rendered: bool) -> None:
    assert findings([0.9, -0.9] * 50, is_rendered=is_rendered) == []


def test_float_audio_over_full_scale_is_not_clipped_while_its_values_differ() -> None:
    assert findings(list(np.linspace(1.0, 2.0, 50)) + [0.5] * 50, is_rendered=False) == []


def test_a_sample_that_no_recording_has_is_named_with_its_time() -> None:
    (line,) = findings([0.1] * 22_050 + [17_579.0] + [0.1] * 100, is_rendered=False)
    assert "at 1.000 s, is at +84.9 dBFS" in line
