"""The contract for authors of presets."""

from __future__ import annotations

from typing import ClassVar

from vocolab.catalog import Catalog
from vocolab.catalog.presets import PresetFile
from vocolab.catalog.toml_files import toml_files
from vocolab.errors import DocumentError, VocolabError
from vocolab.plugins.specs import PresetSource


class PresetContract:
    """Set `source`: every preset in its folder is read and built."""

    source: ClassVar[PresetSource]

    def test_there_are_presets(self) -> None:
        """Each `NAME.toml` in the folder is one."""
        assert list(toml_files(self.source.folder)), f"there is no NAME.toml in {self.source.folder}"

    def test_each_is_right_and_becomes_a_chain(self) -> None:
        """All its keys are known, and every effect that it names is installed and takes its options."""
        from vocolab.chain.presets import read_preset

        catalog = Catalog.installed()
        for name, file in toml_files(self.source.folder):
            try:
                read_preset(PresetFile(name, file), catalog)
            except DocumentError as error:
                raise AssertionError("\n".join(error.problems)) from error
            except VocolabError as error:
                raise AssertionError(f"{name}: {error}") from error
