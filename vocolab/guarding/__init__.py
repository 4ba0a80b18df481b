"""Around every call of a plugin: whose it is, what it prints and raises, and whether what it gives can be used."""

from vocolab.guarding.arrays import array_of, checked_samples, read_only
from vocolab.guarding.calls import running
from vocolab.guarding.origins import Origin, origin_of, remember, remember_module
from vocolab.guarding.raised import is_the_plugins_own, text_of
from vocolab.guarding.streams import prints_elsewhere, prints_kept

__all__ = [
    "Origin", "array_of", "checked_samples", "is_the_plugins_own", "origin_of", "prints_elsewhere", "prints_kept",
    "read_only", "remember", "remember_module", "running", "text_of",
]  # fmt: skip
