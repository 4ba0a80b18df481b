"""What is measured: voices with and without postfilters, and the vocoders that need no voice beside them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import as_file
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vocolab import errors
from vocolab.bench.rendered_files import RenderedFiles
from vocolab.errors import NoVoice, UnknownName
from vocolab.mels.spec import MelSpec
from vocolab.networks.device import AUTO, CPU, choose_device
from vocolab.options import make_options

if TYPE_CHECKING:
    from vocolab.catalog import Catalog
    from vocolab.rendering import Renderer
    from vocolab.voice import Voice


_DONE = {"denoise_db": "denoised {:+g} dB", "refine": "refined {}", "fresh_noise": "fresh noise",
         "band_gains": "band gains {}"}
"""What tables call a postfilter."""


def done_to(postfilters: Mapping[str, Any]) -> list[str]:
    """What is done to a vocoder's output, in the words of tables."""
    return [text.format(postfilters[key]) for key, text in _DONE.items() if _is_done(key, postfilters.get(key))]


def _is_done(name: str, value: Any) -> bool:
    """Whether a postfilter does anything; noise is subtracted once at 0 dB."""
    return value is not None and value is not False and (value != 0 or name == "denoise_db")


@dataclass(frozen=True)
class Subject:
    """One row: a vocoder as it is used. Light, so that other processes can open it too."""

    vocoder: str
    voice: str = ""
    """A voice's name or file; empty for a vocoder without one."""
    mel_spec: MelSpec | None = None
    """Of a vocoder without a voice, and of files."""
    postfilters: Mapping[str, Any] = field(default_factory=dict)
    """All that is done to its output, whatever its voice recommends."""
    parameters: int = 0
    stored_bytes: int = 0
    options: Mapping[str, Any] = field(default_factory=dict)
    """Of the vocoder, where they are not its defaults."""
    files: RenderedFiles | None = None
    """What was rendered elsewhere; nothing is opened then."""
    hop_s: float = 0.0
    """Of its mels."""
    device: str = CPU

    @property
    def label(self) -> str:
        """What tables call it."""
        from vocolab.mels.conventions import spelled

        if self.files is not None:
            return self.files.label
        vocoder = self.vocoder.rpartition("/")[2]
        name = f"{vocoder}, {spelled(self.mel_spec)}" if self.mel_spec else Path(self.voice).name
        options = [f"{option}={value}" for option, value in self.options.items()]
        device = [f"on {self.device}"] if self.device not in (CPU, AUTO) else []
        return ", ".join([name, *options, *done_to(self.postfilters), *device])

    def open(self, catalog: Catalog) -> Renderer:
        """Ready to render."""
        from vocolab.postfilters.options import NO_POSTFILTERS
        from vocolab.rendering import open_vocoder

        values = {**self.options, **NO_POSTFILTERS, **self.postfilters}
        return open_vocoder(catalog, self.vocoder, self.voice or None, values, self.mel_spec,
                            device=self.device)


def rendered_elsewhere(folder: Path, clips: Sequence[Path], spec: MelSpec) -> Subject:
    """A row of files that something else rendered: NAME.wav or NAME.flac for each clip.

    Args:
        folder: Where they are; its name is the row's.
        clips: The recordings.
        spec: What they are measured by: repetition in its hops, the mel's distance in its units.

    Raises:
        CorpusError: if the folder lacks the file of a clip.
    """
    files = RenderedFiles(folder)
    files.check([clip.stem for clip in clips])
    return Subject("", mel_spec=spec, files=files, hop_s=_hop_s(spec))


def choose(
    catalog: Catalog, voices: Sequence[str] = (), vocoders: Sequence[str] = (), *, refine: Sequence[int] = (),
    denoise_db: float | None = None, options: Mapping[str, Any] | None = None, device: str = "cpu",
) -> list[Subject]:
    """The rows that were asked for; with neither voices nor vocoders all that are installed.

    A vocoder without a voice is measured at every convention of the chosen voices. A voice that recommends postfilters
    has a row without and one with them, and every voice one more for each of `refine`.

    Args:
        catalog: What is installed.
        voices: Names or files.
        vocoders: Those whose voices, or who themselves, are measured.
        refine: Rounds of mel-consistency refinement to measure besides.
        denoise_db: For all of them.
        options: Of the vocoders, for all of them.
        device: Where they run, for all of them.

    Raises:
        UnknownName: if there is no such voice or vocoder.
        OptionError: if one of the vocoders takes none of these options, or not these values.
        NoVoice: if a voice was never trained, or a vocoder has none.
        CheckpointError: if a voice is damaged.
        CallError: if the device is not here.
    """
    wanted = [catalog.vocoders.get(name) for name in vocoders]
    free = [entry.qualified for entry in wanted if entry.fact("needs_voice") is False]
    chosen = [*voices]
    for entry in wanted:
        if entry.spec.needs_voice:
            chosen += _of(catalog, entry.qualified, entry.name)
    if not voices and not vocoders:
        free = [entry.qualified for entry in catalog.vocoders.entries() if entry.fact("needs_voice") is False]
        readers = {entry.qualified for entry in catalog.vocoders.entries()}
        chosen = [entry.qualified for entry in catalog.voices.entries() if catalog.voices.reader(entry) in readers]
    rows = _rows(catalog, list(dict.fromkeys(chosen)), free, refine, denoise_db)
    for vocoder in dict.fromkeys(row.vocoder for row in rows):
        make_options(catalog.vocoders.get(vocoder).spec.options, dict(options or {}), vocoder)
    choose_device(device)  # one that is not here is told before anything is measured
    return [replace(row, options=options or {}, device=device) for row in rows]


def _of(catalog: Catalog, vocoder: str, name: str) -> list[str]:
    found = [entry.qualified for entry in catalog.voices.of(vocoder)]
    if not found:
        raise NoVoice(
            "no trained voice of it is installed; name a voice file with --voice", about=errors.Subject(name, "vocoder")
        )
    return found


def _rows(
    catalog: Catalog, voices: Sequence[str], free: Sequence[str], refine: Sequence[int], denoise_db: float | None
) -> list[Subject]:
    rows: list[Subject] = []
    specs: list[MelSpec] = []
    first: dict[str, Any] = {} if denoise_db is None else {"denoise_db": denoise_db}
    for name in voices:
        voice, size = _load(catalog, name)
        _check_trained(name, voice)
        subject = Subject(_reader(catalog, name, voice), _short(catalog, name), None, first, voice.parameters,
                          size, hop_s=_hop_s(voice.mel_spec))
        advised = {key: value for key, value in voice.recommended.items() if key in _DONE and value}
        chosen = [{}, advised, *({"refine": rounds} for rounds in refine)]
        different = [way for index, way in enumerate(chosen) if way not in chosen[:index]]
        rows += [replace(subject, postfilters={**first, **way}) for way in different]
        specs += [voice.mel_spec] if voice.mel_spec is not None and voice.mel_spec not in specs else []
    plain = [Subject(name, "", spec, first, hop_s=_hop_s(spec))
             for spec in specs or _default_specs() for name in free]
    return [*plain, *rows]


def _hop_s(spec: MelSpec | None) -> float:
    return spec.hop_samples / spec.sample_rate if spec else 0.0


def _default_specs() -> list[MelSpec]:
    from vocolab.mels.conventions import convention

    return [convention("hifigan-22k")]


def _load(catalog: Catalog, name: str) -> tuple[Voice, int]:
    """A voice and the bytes that it is stored in."""
    from vocolab.voice import Voice

    if _is_file(catalog, name):
        return Voice.load(name), Path(name).stat().st_size
    with as_file(catalog.voices.get(name).spec.file) as path:
        return Voice.load(path), Path(path).stat().st_size


def _reader(catalog: Catalog, name: str, voice: Voice) -> str:
    return voice.model if _is_file(catalog, name) else catalog.voices.reader(catalog.voices.get(name)) or voice.model


def _short(catalog: Catalog, name: str) -> str:
    """The bare name of a voice where that is enough."""
    if _is_file(catalog, name):
        return name
    entry = catalog.voices.get(name)
    return entry.name if entry.name in catalog.voices.names() else entry.qualified


def _is_file(catalog: Catalog, name: str) -> bool:
    """Whether a voice is meant by its file. What is installed under a name is not replaced by a file of that name."""
    if name.endswith(".safetensors"):
        return True
    try:
        catalog.voices.get(name)
    except UnknownName:
        return os.path.isfile(name)
    return False


def _check_trained(name: str, voice: Voice) -> None:
    facts = voice.provenance
    if not (facts.get("steps") or facts.get("source") or facts.get("source_sha256")):
        raise NoVoice("states neither steps of training nor the checkpoint that it was converted from; "
                      "figures of random weights say nothing", about=errors.Subject(name, "vocoder"))
