"""Where a voice comes from is told in lines that people read."""

from __future__ import annotations

from vocolab.cli.provenance_text import provenance_rows

RECIPE = {
    "optimizer": {"steps": 1700, "batch": 32, "learning_rate": 0.0002, "betas": [0.8, 0.98]},
    "adversarial": {"discriminators": ["mel"], "weight": 0.05},
}


def test_a_recipe_is_what_decides_most() -> None:
    told = dict(provenance_rows({"recipe": RECIPE}))["recipe"]
    assert told == "1,700 steps of 32, learning rate 0.0002, against discriminators: mel"


def test_ancestors_are_named_from_the_nearest_on() -> None:
    parent = {"voice": "second", "steps": 1800, "recipe": RECIPE, "fine_tuned_from": {"voice": "first", "steps": 4400}}
    told = dict(provenance_rows({"fine_tuned_from": parent}))["fine tuned from"]
    assert told == "second (1,800 steps), of first (4,400 steps)"


def test_a_recipe_of_another_form_is_told_as_it_is() -> None:
    assert provenance_rows({"recipe": "by hand"}) == [("recipe", "by hand")]
    assert provenance_rows({"recipe": {"by": "hand"}}) == [("recipe", "by hand")]
