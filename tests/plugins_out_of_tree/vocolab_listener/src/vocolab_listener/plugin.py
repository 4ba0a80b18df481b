"""What vocolab-listener adds to vocolab: a detector.

It is written for version 1 of the plugin interface, and is not changed with it: what vocolab promises to packages of
that version it has to keep to this one.
"""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from vocolab import DetectorSpec, Options, hookimpl

vocolab_interface = 1


class PeaksOptions(Options):
    """What the detector can be told."""

    least_dbfs: float = Field(-30.0, ge=-120.0, le=0.0, description="A peak under this is too low.")


@hookimpl
def vocolab_detectors() -> Iterable[DetectorSpec]:
    """The one detector."""
    yield DetectorSpec(
        name="peaks",
        summary="Recordings that peak too low",
        target="vocolab_listener.detector:Peaks",
        options=PeaksOptions,
    )
