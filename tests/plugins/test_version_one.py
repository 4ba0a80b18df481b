"""Packages that were written for version 1 of the plugin interface are never changed, and have to work.

They are built into wheels and used in test_wheel.py. Who has to change one of them to make a test pass has broken what
docs/plugins.md promises to everybody's packages.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

GUESTS = Path(__file__).resolve().parents[1] / "plugins_out_of_tree"
AS_WRITTEN = {
    "vocolab_buzz": "bbbeff15573fd2582c55422d43bcb74a44d65204f8f0c9408ae78afd5fce9860",
    "vocolab_chant": "cc56c32092eeda8c47677cad070628ac22f78ed9e16a0a648dde9e15473fcfc8",
    "vocolab_first": "646b47329a8844fef026d1891695e6121e36de49f897c3943f3e8f6e3b549d96",
    "vocolab_listener": "4a88ad6b6a3f453324af9062f96c42419f13ac77c8b9e3457c73b7fb929d9e64",
    "vocolab_mumble": "a666b39acd153f048dc63530786077bb76e89723dac47481e87c3c5d8bb325c8",
}
"""The SHA-256 of what each package installs."""


@pytest.mark.parametrize("name", AS_WRITTEN)
def test_it_is_as_it_was_written(name: str) -> None:
    assert digest(GUESTS / name / "src") == AS_WRITTEN[name]


def digest(folder: Path) -> str:
    """Of all files, by their names."""
    found = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.suffix in (".py", ".toml")):
        found.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def test_every_hook_is_of_one_of_them() -> None:
    """But for voices, whose files `vocolab voices pack` makes."""
    from vocolab.plugins import hookspecs

    text = "".join(path.read_text() for name in AS_WRITTEN for path in (GUESTS / name / "src").rglob("plugin.py"))
    hooks = {name for name in vars(hookspecs) if name.startswith("vocolab_")}
    assert {hook for hook in hooks if f"def {hook}(" not in text} == {"vocolab_voices"}
