"""Recipes whose losses can't work on their segments are refused before anything is written."""

from __future__ import annotations

import re

import pytest
from jobs import SLIM, recipe

from vocolab.errors import CallError
from vocolab.mels.conventions import convention
from vocolab.training.tasks.checks import check_judged, check_losses

SPEC = convention("hifigan-22k")
NOTHING = {"mel": 0.0, "stft": 0.0}


def test_a_recipe_without_any_loss_is_refused() -> None:
    with pytest.raises(CallError, match="all weights are 0"):
        check_losses(recipe("vocos", loss=NOTHING), SPEC)


@pytest.mark.parametrize("table", [
    {"loss": {**NOTHING, "phase": 1.0}},
    {"loss": NOTHING, "adversarial": SLIM},
    {"loss": NOTHING, "distill": {"voice": "vocos-22k"}},
], ids=["phase", "discriminators", "teacher"])
def test_one_source_of_gradients_is_enough(table: dict[str, object]) -> None:
    check_losses(recipe("vocos", **table), SPEC)


def test_discriminators_that_come_later_leave_the_first_steps_without_a_loss() -> None:
    with pytest.raises(CallError, match="all weights are 0"):
        check_losses(recipe("vocos", loss=NOTHING, adversarial={**SLIM, "start_step": 10}), SPEC)


def test_a_window_larger_than_two_segments_is_refused_with_the_least_that_does() -> None:
    long = recipe("vocos", loss={"stft_sizes": [16_384]})
    with pytest.raises(CallError, match="give at least 33"):
        check_losses(long, SPEC)
    check_losses(recipe("vocos", {"segment_frames": 33}, loss={"stft_sizes": [16_384]}), SPEC)


@pytest.mark.parametrize(("kinds", "judged", "why"), [
    (["mel"], "audio", '"mel" judges mels, and this model is trained on its audio; give "light"'),
    (["light", "mel"], "mel", '"light" judges audio, and this model is trained on its mel; give "mel"'),
])
def test_a_discriminator_judges_what_the_model_makes(kinds: list[str], judged: str, why: str) -> None:
    adversarial = recipe("vocos", adversarial={**SLIM, "discriminators": kinds}).adversarial
    assert adversarial is not None
    with pytest.raises(CallError, match=re.escape(why)):
        check_judged(adversarial, judged)
