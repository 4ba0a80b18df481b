"""What would help against what was found: effects that are installed, and the call that runs them."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vocolab.catalog import Catalog
from vocolab.chain.preset_plan import PresetPlan
from vocolab.chain.presets import check_preset
from vocolab.errors import VocolabError
from vocolab.findings import Finding
from vocolab.options import option_problems
from vocolab.toml_writing import toml_value


@dataclass(frozen=True)
class Advised:
    """An effect that would help, with the settings that it would need."""

    effect: str
    """Its name, as a preset would have it."""
    summary: str
    """What it does, in a line."""
    settings: Mapping[str, Any]
    """Options by name; all others stay at their defaults."""
    against: tuple[str, ...]
    """The faults that it is for."""


@dataclass(frozen=True)
class Advice:
    """Effects against faults, and which of the installed presets have them."""

    effects: tuple[Advised, ...] = ()
    """In the order of the findings."""
    presets: tuple[str, ...] = ()
    """Those that hold these effects, in the order in which they would be joined."""
    settings: tuple[str, ...] = ()
    """What would have to be changed in them, as `--set` takes it."""
    in_no_preset: tuple[str, ...] = ()
    """Effects that none of `presets` has: they need a preset of one's own."""

    def command(self, file: str) -> str:
        """The call that would repair a file; empty where no installed preset would."""
        if not self.presets:
            return ""
        words = ["vocolab", "master", file]
        words += [word for name in self.presets for word in ("--preset", name)]
        words += [word for text in self.settings for word in ("--set", text)]
        return shlex.join(words)


def advise(findings: Sequence[Finding], catalog: Catalog) -> Advice:
    """What would help against the faults among findings; where several ask for an effect, the first has its settings.

    Effects that are not installed, or that do not take the settings, are left out.
    """
    effects = _effects(findings, catalog)
    if not effects:
        return Advice()
    chosen = _chosen(frozenset(effects), _plans(catalog))
    held = {step.entry.qualified for plan in chosen for step in plan.steps}
    return Advice(
        effects=tuple(effects.values()),
        presets=tuple(plan.name for plan in chosen),
        settings=tuple(_settings(effects, chosen)),
        in_no_preset=tuple(one.effect for name, one in effects.items() if name not in held),
    )


def _effects(findings: Sequence[Finding], catalog: Catalog) -> dict[str, Advised]:
    """By qualified name."""
    found: dict[str, Advised] = {}
    for finding in findings:
        for remedy in finding.remedies if finding.is_fault else ():
            try:
                entry = catalog.effects.get(remedy.effect)
                if option_problems(entry.spec.options, dict(remedy.settings)):
                    continue
            except VocolabError:  # it is not installed, several have it, or its plugin is broken
                continue
            known = found.get(entry.qualified)
            settings, against = (known.settings, known.against) if known else (remedy.settings, ())
            found[entry.qualified] = Advised(remedy.effect, entry.summary, dict(settings), (*against, finding.fault))
    return found


def _plans(catalog: Catalog) -> list[PresetPlan]:
    """The installed presets that can be used, built-in ones first."""
    plans = []
    for name in catalog.presets.names():
        try:
            plans.append(check_preset(name, catalog))
        except VocolabError:  # 'vocolab presets' tells what is wrong with it
            continue
    return plans


def _chosen(wanted: frozenset[str], plans: Sequence[PresetPlan]) -> list[PresetPlan]:
    """A preset that repairs and aims at nothing, and one that masters where the first leaves something.

    Of several, that which has the most of what is wanted, and of these that which does the least besides.
    """
    chosen: list[PresetPlan] = []
    for aims in (False, True):
        left = wanted - {step.entry.qualified for plan in chosen for step in plan.steps}
        useful = [(len(left & _uses(plan)), -len(_uses(plan)), plan) for plan in plans if _aims(plan) == aims]
        most, _, plan = max(useful, key=lambda row: row[:2], default=(0, 0, None))
        if most and plan is not None:
            chosen.append(plan)
    return chosen


def _uses(plan: PresetPlan) -> frozenset[str]:
    return frozenset(step.entry.qualified for step in plan.steps)


def _aims(plan: PresetPlan) -> bool:
    """Whether a preset says what the finished file has to meet, so that it can only be the last."""
    return not plan.target.is_empty or any(step.entry.fact("promises") for step in plan.steps)


def _settings(effects: Mapping[str, Advised], plans: Sequence[PresetPlan]) -> list[str]:
    """What differs between the effects of presets and those that are advised."""
    changed: list[str] = []
    for plan in plans:
        for step in plan.steps:
            advised = effects.get(step.entry.qualified)
            for option, value in advised.settings.items() if advised else ():
                text = f"{step.effect}.{option}={toml_value(value)}"
                if getattr(step.options, option) != value and text not in changed:
                    changed.append(text)
    return changed
