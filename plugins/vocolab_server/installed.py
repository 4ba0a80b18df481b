"""What is installed, as far as requests may name it: voices and their speakers, vocoders, presets, mel conventions.

Names are looked up in lists. Nothing that a request says is ever opened as a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import as_file
from typing import TYPE_CHECKING, Any

from vocolab.errors import CheckpointError, NoVoice
from vocolab.speaking.choice import SPEAKING
from vocolab.voice import read_header
from vocolab_server.refusals import Refused

if TYPE_CHECKING:
    from vocolab.catalog import Catalog
    from vocolab_server.settings import Settings

OURS = "vocolab"
"""The name of our model, in the sense of OpenAI's API."""
_SEPARATOR = "/"


@dataclass(frozen=True)
class Choice:
    """A voice that a request may ask for."""

    id: str
    voice: str
    speaker: str | None
    summary: str


class Installed:
    """All that there is, looked up once.

    Raises:
        NoVoice: if nothing that speaks is installed.
        Refused: if the settings name a voice that is not.
    """

    def __init__(self, catalog: Catalog, settings: Settings) -> None:
        self.models = [OURS, *(name for name in settings.models if name != OURS)]
        self.voices = {choice.id: choice for choice in _choices(catalog)}
        if not self.voices:
            raise NoVoice("no voice that speaks is installed, so there is nothing to serve; see 'vocolab voices'")
        self.vocoders = sorted({*catalog.vocoders.names(), *(entry.name for entry in catalog.voices.ranked())})
        self.presets = catalog.presets.names()
        self.preset_summaries = _summaries(catalog, self.presets)
        self.conventions = catalog.mel_conventions.names()
        self.vocoder = settings.vocoder
        self._default = settings.voice
        self._aliases = dict(settings.voices)
        for name in (*self._aliases.values(), *settings.preload, *([settings.voice] if settings.voice else [])):
            self.voice(name)

    @property
    def aliases(self) -> dict[str, str]:
        """Other names of voices, by the configuration."""
        return self._aliases

    def voice(self, name: str | None) -> Choice:
        """The voice of that name; the default one where none is named.

        Raises:
            Refused: if there is none, with those that there are.
        """
        if not name:
            if not self._default:
                return next(iter(self.voices.values()))
            name = self._default
        name = self._aliases.get(name, name)
        if (blend := self._blend(name)) is not None:
            return blend
        if name not in self.voices:
            known = ", ".join([*self._aliases, *self.voices])
            raise Refused(400, f"there is no voice {name[:100]!r}; there is {known}", "voice_not_found", param="voice")
        return self.voices[name]

    def _blend(self, name: str) -> Choice | None:
        """The choice that `voice/speaker(2)+speaker(1)` means; its model says whether it can, and with whom."""
        voice, _, speakers = name.partition(_SEPARATOR)
        if "+" not in speakers or voice not in self.voices:
            return None
        return Choice(name, voice, speakers, f"a blend of {voice}'s speakers")

    def model(self, name: str) -> None:
        """See that a model is ours, or taken for it.

        Raises:
            Refused: if it is not.
        """
        if name not in self.models:
            raise Refused(404, f"there is no model {name[:100]!r}; there is {', '.join(self.models)}",
                          "model_not_found", param="model")

    def one_of(self, known: list[str], name: str, param: str) -> str:
        """The same name, if it is one of those that are known.

        Raises:
            Refused: if it is not.
        """
        if name not in known:
            raise Refused(400, f"there is no {param} {name[:100]!r}; there is {', '.join(known)}", "unknown_name",
                          param=param)
        return name


def _choices(catalog: Catalog) -> list[Choice]:
    """The voices that speak, the best first; one of several speakers once for each as well."""
    found = []
    for entry in catalog.voices.ranked(*SPEAKING):
        found.append(Choice(entry.name, entry.name, None, entry.spec.summary))
        speakers = _speakers(entry.spec)
        if len(speakers) > 1:
            found += [Choice(f"{entry.name}{_SEPARATOR}{name}", entry.name, name, f"{entry.spec.summary}, {name}")
                      for name in speakers]
    models = [one for one in catalog.models.entries() if one.spec.kind in SPEAKING and not one.spec.needs_voice]
    return [*found, *(Choice(one.name, one.name, None, one.spec.summary) for one in models)]


def _speakers(source: Any) -> list[str]:
    """The names under `speakers` in a voice's config, or in a table of it, where a model of several keeps them."""
    try:
        with as_file(source.file) as path:
            config = read_header(path)["config"]
    except (CheckpointError, KeyError, OSError):
        return []  # whoever loads it says why
    tables = [config, *(value for value in config.values() if isinstance(value, dict))]
    named = next((table["speakers"] for table in tables if isinstance(table.get("speakers"), list)), [])
    return [name for name in named if isinstance(name, str)]


def _summaries(catalog: Catalog, names: list[str]) -> dict[str, dict[str, Any]]:
    """What each preset is for, and the loudness that it aims at; those that can't be read are left out."""
    from vocolab.chain.presets import read_preset
    from vocolab.errors import VocolabError

    found = {}
    for name in names:
        try:
            preset = read_preset(name, catalog)
        except VocolabError:
            continue
        found[name] = {"summary": preset.summary, "integrated_lufs": preset.target.loudness_for(1),
                       "true_peak_dbtp": preset.target.true_peak_dbtp}
    return found
