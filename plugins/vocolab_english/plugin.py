"""English: what the plugin offers."""

from __future__ import annotations

from collections.abc import Iterable

from vocolab.plugins.hookspecs import hookimpl
from vocolab.plugins.specs import LanguageSpec
from vocolab_english.options import EnglishOptions


@hookimpl
def vocolab_languages() -> Iterable[LanguageSpec]:
    """American English."""
    yield LanguageSpec(
        name="english",
        summary="American English: the CMU dictionary, and a model for words that it lacks",
        target="vocolab_english.language:English",
        tags=("en-US", "en"),
        options=EnglishOptions,
    )
