"""Presets one after the other, as one: the effects of all, in order, with the output and the target of the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from vocolab.catalog import Catalog, PresetFile
from vocolab.chain.overrides import VOCODER, parse_overrides
from vocolab.chain.preset_plan import PresetPlan, plan_preset
from vocolab.errors import CallError


def plan_joined(files: Sequence[PresetFile], catalog: Catalog, overrides: Sequence[str] = ()) -> PresetPlan:
    """Several presets as one.

    Args:
        files: In the order in which they run.
        catalog: What is installed.
        overrides: Each changes all effects of its name, in whichever preset.

    Raises:
        PresetError: as `plan_preset` does, for each.
        CallError: if one before the last states what the finished file has to meet: that is for the last to say.
    """
    *earlier, last = files
    plain = [plan_preset(file, catalog) for file in files]
    for plan in plain[:-1]:
        _check_aims_at_nothing(plan, plain[-1])
    theirs = [[text for text in overrides if _is_for(text, plan)] for plan in plain[:-1]]
    taken = {text for texts in theirs for text in texts}
    # What is for none of them is wrong, and the last says so.
    of_last = [text for text in overrides if text not in taken or _is_for(text, plain[-1])]
    plans = [plan_preset(file, catalog, texts) for file, texts in zip(earlier, theirs, strict=True)]
    plans.append(plan_preset(last, catalog, of_last))
    return replace(
        plans[-1],
        name=" + ".join(plan.name for plan in plans),
        summary="; ".join(plan.summary for plan in plans),
        steps=tuple(step for plan in plans for step in plan.steps),
    )


def _check_aims_at_nothing(plan: PresetPlan, last: PresetPlan) -> None:
    aiming = [step.effect for step in plan.steps if step.entry.spec.promises]
    if plan.target.is_empty and not aiming:
        return
    what = f"its {' and its '.join(aiming)}" if aiming else "its [target]"
    raise CallError(f"the preset {plan.name} says what the finished file has to meet, by {what}, and {last.name} comes "
                    f"after it: only the last of joined presets may; name {plan.name} last")


def _is_for(text: str, plan: PresetPlan) -> bool:
    overrides, _ = parse_overrides([text])
    uses = [step.entry.qualified for step in plan.steps]
    return any(override.changes(use) for override in overrides for use in uses if override.target != VOCODER)
