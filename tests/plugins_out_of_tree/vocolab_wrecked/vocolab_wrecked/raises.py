"""Fails when it is asked what it has."""

from vocolab import hookimpl


@hookimpl
def vocolab_vocoders():  # type: ignore[no-untyped-def]
    raise RuntimeError("boom")
