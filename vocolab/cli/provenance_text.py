"""Where a voice comes from, for people: its recipe and its ancestors in a line each. `--json` has all of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def provenance_rows(provenance: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What was noted when the voice was made, as pairs of a name and a text."""
    rows = []
    for key, value in provenance.items():
        if key == "fine_tuned_from" and isinstance(value, dict):
            value = ", of ".join(_ancestors(value))
        elif key == "recipe" and isinstance(value, dict):
            value = _recipe(value) or value
        rows.append((key.replace("_", " "), flat(value)))
    return rows


def flat(value: Any) -> str:
    """Any value of JSON in one line."""
    if isinstance(value, dict):
        return "; ".join(f"{key} {flat(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(flat(inner) for inner in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _ancestors(parent: Any) -> Iterator[str]:
    while isinstance(parent, dict):
        name, steps = str(parent.get("voice", "a voice without a name")), parent.get("steps")
        yield f"{name} ({steps:,} steps)" if isinstance(steps, int) else name
        parent = parent.get("fine_tuned_from")


def _recipe(recipe: Mapping[str, Any]) -> str:
    """What decides most: how long, how fast, against whom. Nothing if this is no recipe of the trainer."""
    optimizer, adversarial = (recipe.get(part) or {} for part in ("optimizer", "adversarial"))
    if "steps" not in optimizer:
        return ""
    told = [f"{optimizer['steps']:,} steps of {optimizer.get('batch', 1)}"]
    if "learning_rate" in optimizer:
        told.append(f"learning rate {optimizer['learning_rate']:g}")
    if adversarial.get("discriminators"):
        told.append(f"against discriminators: {flat(adversarial['discriminators'])}")
    return ", ".join(told)
