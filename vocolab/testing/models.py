"""What holds for every model: recipes that build, sizes and exporters that answer."""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import ClassVar

from vocolab.catalog.recipes import recipes_of
from vocolab.errors import VocolabError
from vocolab.plugins.host import Entry
from vocolab.plugins.specs import ModelSpec
from vocolab.plugins.targets import load_target
from vocolab.testing.components import ComponentContract
from vocolab.testing.places import place_of, place_raised
from vocolab.training.recipe import read_recipe
from vocolab.voice import Voice


class ModelContract(ComponentContract):
    """Set `spec`, and `voice` where it needs one."""

    spec: ClassVar[ModelSpec]
    voice: ClassVar[str | os.PathLike[str] | Voice | None] = None

    def loaded_voice(self) -> Voice | None:
        """The voice under test."""
        return self.voice if self.voice is None or isinstance(self.voice, Voice) else Voice.load(self.voice)

    def test_the_recipes_are_read_and_build(self) -> None:
        """Each recipe that the spec offers names known keys and a known convention, and the trainer builds from it."""
        recipes = recipes_of(Entry(self.spec))
        assert recipes or self.spec.recipes is None, f"there is no NAME.toml in {self.spec.recipes}"
        for entry in recipes:
            try:
                recipe = read_recipe(entry.spec.file)
                load_target(self.spec, "trainer")(recipe.model, recipe.convention())
            except VocolabError as error:
                raise AssertionError(f"recipe {entry.name}: {error}") from error

    def test_the_sizes_are_told(self) -> None:
        """`sizes` answers for the published default, and for the voice."""
        if not self.spec.sizes:
            return
        from vocolab.networks.sizes import Sizes

        function, voice = load_target(self.spec, "sizes"), self.loaded_voice()
        asked = [({}, None)] if voice is None else [({}, None), (voice.config, voice.mel_spec)]
        for config, spec in asked:
            try:
                found = function(config, spec)
            except Exception as error:
                at = _raised_at(error, function)
                raise AssertionError(f"sizes({config}, {spec}) raised {error!r}{at}") from error
            assert isinstance(found, Sizes), f"sizes gave {type(found).__name__}, not Sizes{place_of(function)}"

    def test_the_exporter_gives_a_graph(self) -> None:
        """`exporter` gives an `Exportable` for the voice."""
        voice = self.loaded_voice()
        if not self.spec.exporter or voice is None or find_spec("onnx") is None:
            return
        from vocolab.onnx_export.exportable import Exportable

        function = load_target(self.spec, "exporter")
        try:
            found = function(voice)
        except Exception as error:
            raise AssertionError(f"the exporter raised {error!r}{_raised_at(error, function)}") from error
        kind = type(found).__name__
        assert isinstance(found, Exportable), f"the exporter gave {kind}, not Exportable{place_of(function)}"


def _raised_at(error: Exception, function: object) -> str:
    return place_raised(error, str(getattr(function, "__module__", ""))) or place_of(function)
