"""English keeps the contract of languages."""

from __future__ import annotations

from vocolab.testing.language import LanguageContract
from vocolab_english import plugin


class TestEnglish(LanguageContract):
    spec = next(iter(plugin.vocolab_languages()))
    sentence = (
        "On 3 May 2024 Dr. Smith's dogs paid $12.50, read the measured record, and rejoiced; the CIA's zyxler hummed."
    )
    checksum = "26a3d3b5f92acb80"
