"""Fails when what it describes is used."""

from vocolab import EffectSpec, hookimpl


@hookimpl
def vocolab_effects():  # type: ignore[no-untyped-def]
    yield EffectSpec(name="vanished", summary="An effect that is not there", target="vocolab_wrecked.gone:Vanished")
