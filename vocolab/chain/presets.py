"""Presets: chains kept in TOML files, built from what is installed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeAlias

from vocolab.catalog import Catalog, PresetFile
from vocolab.chain.chain import Chain
from vocolab.chain.joining import plan_joined
from vocolab.chain.preset_plan import PresetPlan, plan_preset
from vocolab.delivery.output import Output
from vocolab.delivery.target import Target
from vocolab.interfaces import Effect

PresetName: TypeAlias = "str | os.PathLike[str] | PresetFile"
PresetLike: TypeAlias = "PresetName | tuple[PresetName, ...]"
"""A preset, or several that are joined."""

_READ_ONLY = ("vocoder", "vocoder_overrides")


class Preset(Chain):
    """A chain with a name, a summary, and perhaps the vocoder that it is meant for."""

    def __init__(
        self,
        effects: Iterable[Effect] = (),
        *,
        name: str = "",
        summary: str = "",
        output: Output = Output(),  # noqa: B008
        target: Target = Target(),  # noqa: B008
        vocoder: Mapping[str, Any] = MappingProxyType({}),
        vocoder_overrides: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        super().__init__(effects, name=name, output=output, target=target)
        self.summary = summary
        self.vocoder = MappingProxyType(dict(vocoder))
        self.vocoder_overrides = MappingProxyType(dict(vocoder_overrides))

    def __getstate__(self) -> dict[str, Any]:
        """For pickle and deepcopy, which do not know read-only mappings."""
        return vars(self) | {name: dict(getattr(self, name)) for name in _READ_ONLY}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        vars(self).update(state, **{name: MappingProxyType(state[name]) for name in _READ_ONLY})

    @property
    def vocoder_name(self) -> str | None:
        """The vocoder that the preset names, None if it leaves that open."""
        return self.vocoder.get("use")

    @property
    def voice_name(self) -> str | None:
        """The voice that the preset names, None if it leaves that open."""
        return self.vocoder.get("voice")

    def vocoder_options(self, name: str | None) -> dict[str, Any]:
        """The options for the vocoder `name`: those of the table if that is the preset's own, then the overrides.

        With them those that the core has for every vocoder, see `vocolab.postfilters.options`.
        """
        own = {key: value for key, value in self.vocoder.items() if key not in ("use", "voice")}
        return {**(own if name == self.vocoder_name else {}), **self.vocoder_overrides}


def read_preset(source: PresetLike, catalog: Catalog, overrides: Sequence[str] = ()) -> Preset:
    """A preset by its name, its path (where it ends in `.toml`) or its file, with every effect built.

    Several in a tuple are one: their effects in order, with the output and the target of the last.

    `overrides` are texts such as `limiter.ceiling_dbtp=-1`; each changes all effects of that name.

    Raises:
        UnknownName: if there is no preset of that name.
        PresetError: with all problems of the file, as `file:line: ...`, and of the overrides.
        PluginError: if the plugin of an effect is broken, DependencyMissing if a package is not installed.
    """
    return build(check_preset(source, catalog, overrides), catalog)


def check_preset(source: PresetLike, catalog: Catalog, overrides: Sequence[str] = ()) -> PresetPlan:
    """All that a preset says, checked, and nothing imported; raises as `read_preset` does."""
    sources = source if isinstance(source, tuple) else (source,)
    files = [one if isinstance(one, PresetFile) else catalog.presets.get(one) for one in sources]
    return plan_preset(files[0], catalog, overrides) if len(files) == 1 else plan_joined(files, catalog, overrides)


def build(plan: PresetPlan, catalog: Catalog) -> Preset:
    """The chain that a plan describes; its effects are imported now."""
    effects = [catalog.effects.create(step.entry.qualified, dict(step.options)) for step in plan.steps]
    return Preset(
        effects,
        name=plan.name,
        summary=plan.summary,
        output=plan.output,
        target=plan.target,
        vocoder=plan.vocoder,
        vocoder_overrides=plan.vocoder_overrides,
    )

