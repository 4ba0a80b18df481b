"""The detectors of vocolab for what no restoration effect is about."""

from __future__ import annotations

from collections.abc import Iterable

from vocolab.plugins.hookspecs import hookimpl
from vocolab.plugins.specs import DetectorSpec


@hookimpl
def vocolab_detectors() -> Iterable[DetectorSpec]:
    """The detectors, in the order in which their findings are told."""
    yield DetectorSpec(
        name="dc-offset",
        summary="A constant offset of a channel",
        target="vocolab_detectors.dc_offset:DcOffset",
    )
