"""What the package offers."""

from __future__ import annotations

from importlib.resources import files

from vocolab import AcousticModelSpec, hookimpl


@hookimpl
def vocolab_acoustic_models():
    yield AcousticModelSpec(
        name="mumble",
        summary="One spectrum a letter, held for as long as it lasts on average",
        target="vocolab_mumble.model:Mumble",
        recogniser="vocolab_mumble.convert:recognise",
        converter="vocolab_mumble.convert:convert",
        trainer="vocolab_mumble.training:build",
        exporter="vocolab_mumble.export:export",
        recipes=files("vocolab_mumble") / "recipes",
    )
