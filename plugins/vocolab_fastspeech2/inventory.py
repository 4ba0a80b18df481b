"""What a voice reads and who speaks: its symbol set, its language, the stress of small words, its speakers."""

from __future__ import annotations

from pydantic import Field

from vocolab.catalog import Catalog
from vocolab.errors import CheckpointError
from vocolab.options import Options, make_options, with_tuples
from vocolab.texts.symbols import SymbolSet
from vocolab.voice import Voice
from vocolab_fastspeech2.reading import WordStress


class Inventory(Options):
    """Kept with the voice, beside the sizes of its network."""

    symbols: str = Field("arpabet-1", description="The name of a language's symbol set; none: a table of its own.")
    language: str = Field("en-US", description="The language's tag.")
    speakers: tuple[str, ...] = Field(("",), min_length=1)
    stress_everywhere: dict[str, str] = Field(default_factory=dict, description="See `reading.WordStress`.")
    stress_inside: dict[str, str] = Field(default_factory=dict)

    @property
    def stress(self) -> WordStress:
        """The words that are read with another stress."""
        return WordStress(self.stress_everywhere, self.stress_inside)


def inventory_of(voice: Voice) -> Inventory:
    """What a voice's config says of it.

    Raises:
        OptionError: if that can't be meant.
    """
    return make_options(Inventory, with_tuples(voice.config.get("inventory", {})), "fastspeech2 inventory")


def symbol_set(name: str) -> SymbolSet:
    """The symbol set of this name that an installed language has.

    Raises:
        CheckpointError: if none has it.
    """
    languages = Catalog.installed().languages
    found = {}
    for entry in languages.entries():
        symbols = languages.create(entry.qualified, {}).symbols
        found[symbols.name] = symbols
    if name not in found:
        raise CheckpointError(f"reads the symbols {name!r}, which no installed language has; there are "
                              f"{', '.join(sorted(found))}")
    return found[name]
