"""A preset held to other figures: which of its effects' options state what the finished file has to meet."""

from __future__ import annotations

from collections.abc import Mapping

from vocolab.chain.preset_plan import PresetPlan
from vocolab.delivery.wording import TITLES
from vocolab.errors import CallError


def promised_settings(plan: PresetPlan, wanted: Mapping[str, float]) -> list[str]:
    """What has to be set, as `--set` has it, so that the effects promise `wanted`.

    Args:
        plan: The preset.
        wanted: Values by the fields of `Target`: `{"integrated_lufs": -16.0}`.

    Raises:
        CallError: if no effect of the preset promises one of them.
    """
    settings: list[str] = []
    for field, value in wanted.items():
        options = [
            f"{step.effect}.{step.entry.spec.promises[field]}={value:g}"
            for step in plan.steps
            if field in step.entry.spec.promises
        ]
        if not options:
            raise CallError(f"the preset {plan.name} has no effect that sets the {TITLES[field]}; 'vocolab presets' "
                            "lists others, and without --preset nothing else is done")
        settings += dict.fromkeys(options)
    return settings
