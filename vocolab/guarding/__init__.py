"""Around every call of a plugin: whose it is, what it prints and raises, and whether what it gives can be used."""

from vocolab.guarding.arrays import array_of, checked_samples, read_only
from vocolab.guarding.calls import running
from vocolab.guarding.origins import Origin, origin_of, remember
from vocolab.guarding.raised import is_the_plugins_own, text_of
from vocolab.guarding.streams import prints_elsewhere

__all__ = [
    "Origin", "array_of", "checked_samples", "is_the_plugins_own", "origin_of", "prints_elsewhere", "read_only",
    "remember", "running", "text_of",
]  # fmt: skip
