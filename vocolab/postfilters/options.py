"""What can be done to every vocoder's output, whichever it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from vocolab.options import Options


class PostfilterOptions(Options):
    """Options that the core has for every vocoder, in the order in which they are done. None: not stated."""

    denoise_db: float | None = Field(
        None, ge=-40.0, le=40.0,
        description="Strength at which the vocoder's own noise is subtracted: 0 once, 6 twice. Not stated: it stays.",
    )
    refine: int | None = Field(
        None, ge=0, le=1000,
        description="Rounds that bring the rendering to its mel; 0 is off. Not stated: what the voice recommends.",
    )
    fresh_noise: bool | None = Field(
        None, description="Whether noise is drawn anew where the mel says that there is noise. Not stated: what the "
        "voice recommends.",
    )
    band_gains: int | None = Field(
        None, ge=0, le=100,
        description="Rounds that bring each band to its level and leave phases alone; 0 is off. Not stated: what the "
        "voice recommends.",
    )


def split_options(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A vocoder's own options, and those that are the core's, from a table that holds both."""
    core = {name: value for name, value in values.items() if name in PostfilterOptions.model_fields}
    return {name: value for name, value in values.items() if name not in core}, core


NO_POSTFILTERS: Mapping[str, Any] = {"refine": 0, "fresh_noise": False, "band_gains": 0}
"""What a voice's recommendations are left out by."""


def stated_options(**values: Any) -> dict[str, Any]:
    """Those that are not None."""
    return {name: value for name, value in values.items() if value is not None}
