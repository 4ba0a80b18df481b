"""The functions of `import vocolab`. What a call needs is imported by the call.

Each call looks up what is installed at that moment. A vocoder's weights are read by every `render`; who has many mels
keeps the `Renderer` that `vocoder` gives and passes it to `render`, or calls it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from vocolab.audio import Audio
from vocolab.catalog import Catalog
from vocolab.chain.chain import Chain
from vocolab.engines.choice import EngineChoice, engine_choice
from vocolab.errors import CallError
from vocolab.held_signals import checked_signal
from vocolab.interfaces import Effect
from vocolab.mels.mel import Mel
from vocolab.mels.spec import MelSpec
from vocolab.signals import Signal
from vocolab.voice import Voice

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vocolab.chain.presets import Preset
    from vocolab.checkpoints import Conversion
    from vocolab.diagnosis import Diagnosis
    from vocolab.engines.interfaces import Precision
    from vocolab.listing import InstalledKind
    from vocolab.loudness import Loudness
    from vocolab.mels.storage import Stored
    from vocolab.onnx_export.exporting import Exported
    from vocolab.rendering import Renderer
    from vocolab.texts.inputs import InputForm
    from vocolab.texts.markdown import CodeReading
    from vocolab.texts.spoken_text import SpokenText

MelLike: TypeAlias = "Mel | NDArray[Any] | str | os.PathLike[str]"

_log = logging.getLogger("vocolab")


def render(  # noqa: PLR0913
    mel: MelLike,
    vocoder: str | Renderer | None = None,
    preset: str | os.PathLike[str] | Chain | None = None,
    *,
    voice: str | os.PathLike[str] | Voice | None = None,
    mel_spec: MelSpec | str | os.PathLike[str] | None = None,
    force: bool = False,
    seed: int = 0,
    device: str | None = None,
    engine: EngineChoice | str | None = None,
    **options: Any,
) -> Audio:
    """Audio for a mel, mastered by a preset where one is given.

    What had to be assumed or converted is logged as a warning of the logger "vocolab".

    Args:
        mel: A `Mel`, the path of a mel file, or an array of (n_mels, frames) or (frames, n_mels).
        vocoder: A vocoder's name, or what `vocolab.vocoder` gave. None: the one that the preset names, else that of
            the best voice there is.
        preset: A preset's name, its path (ending in `.toml`), or a `Chain`. None: the vocoder's bare output.
        voice: A voice's name, its file, or a `Voice`. None: the one that the preset names, else the best.
        mel_spec: The convention of an array or a `.npy` file, its name, or its TOML file. None: the vocoder's own.
        force: Take the mel as what is stated, though its numbers speak against that.
        seed: For vocoders that draw noise.
        device: Where the vocoder's network runs, as `vocoder` takes it. None: the CPU.
        engine: What executes it, as `vocoder` takes it.
        options: Options of the vocoder, and those that every vocoder has: `denoise_db` and `refine`, as `vocoder`
            takes them.

    Raises:
        VocolabError: one of `vocolab.errors`, which says what to do.
    """
    catalog = Catalog.installed()
    chain = _chain(preset, catalog)
    stated, stored = _spec(mel_spec), _stored(mel)
    own = mel.spec if isinstance(mel, Mel) else stored.spec if stored else None
    if vocoder is None or isinstance(vocoder, str):
        from vocolab.chain.preset_rendering import open_renderer

        renderer = open_renderer(catalog, chain, vocoder, voice, options, stated or own, device=device or "cpu",
                                 engine=engine_choice(engine), on_note=_log.warning)
        renderer.on_note = _log.warning
    elif voice is not None or options or device is not None or engine is not None:
        raise CallError("the vocoder is open already: give voice, device, engine and options to vocolab.vocoder(...)")
    else:
        renderer = vocoder
        stated = stated or (renderer.stated if own is None else None)
        force = force or renderer.force
    as_it_takes_them = renderer is vocoder and stated is renderer.stated and force == renderer.force
    if as_it_takes_them and not isinstance(mel, str | os.PathLike):
        audio = renderer(mel, seed=seed)  # it says once what it assumes of arrays
    else:
        accepted = _accepted(mel, stored, renderer.mel_spec, stated, force)
        audio = renderer.signal_of(accepted, seed=seed).rendered()
    return audio if chain is None else chain(audio)


def vocoder(  # noqa: PLR0913
    name: str | None = None,
    voice: str | os.PathLike[str] | Voice | None = None,
    *,
    mel_spec: MelSpec | str | os.PathLike[str] | None = None,
    force: bool = False,
    denoise_db: float | None = None,
    refine: int | None = None,
    engine: EngineChoice | str | None = None,
    precision: Precision | None = None,
    threads: int | None = None,
    device: str = "cpu",
    **options: Any,
) -> Renderer:
    """A vocoder with its voice loaded: call it with a `Mel`, or with an array.

    Args:
        name: None: the vocoder of `voice`, or of the best voice that is installed and takes `mel_spec`.
        voice: A voice's name, its file, or a `Voice`. None: the best one for the vocoder that takes `mel_spec`.
        mel_spec: The convention of the arrays to come, its name, or its TOML file: they are converted to the
            vocoder's. None: they are of the vocoder's own.
        force: Take the arrays as what is stated, though their numbers speak against that.
        denoise_db: Strength at which the vocoder's own noise is subtracted: 0 once, 6 twice. None: it stays.
        refine: Rounds of mel-consistency refinement, 0 for none. None: what the voice recommends.
        engine: What executes the network: an engine's name, see `vocolab.installed("engines")`, "auto", or an
            `EngineChoice`. None: what the variable `VOCOLAB_ENGINE` says, else the fastest that is installed.
        precision: "fp32", within 1e-4 of torch on any engine, or "fast", in 16 bits where the voice keeps 45 dB.
        threads: How many it may use. None: as many as there are processors.
        device: Where the network runs: "cpu", "cuda", "cuda:1", "mps", or "auto" for the fastest that is here.
        options: The vocoder's options.

    Raises:
        UnknownName, OptionError: if there is no such vocoder, voice or option.
        NoVoice: if the vocoder needs trained weights and there are none.
        MelMismatch: if mels of `mel_spec` can't be brought to what the vocoder takes.
        CheckpointError: if the voice is damaged or another vocoder's.
        CallError: if the device is not here, or the vocoder runs on the CPU only.
    """
    from vocolab.rendering import open_vocoder

    stated = _spec(mel_spec)
    renderer = open_vocoder(
        Catalog.installed(), name, voice, options, stated, denoise_db=denoise_db, refine=refine, device=device,
        engine=engine_choice(engine, precision, threads), on_note=_log.warning,
    )
    if stated is not None:
        renderer.state(stated, force=force)
    renderer.on_note = _log.warning
    return renderer


def effect(name: str, **options: Any) -> Effect:
    """An effect: call it with `Audio`, or put it into a `Chain`.

    Raises:
        UnknownName, OptionError: if there is no such effect or option.
    """
    return Catalog.installed().effects.create(name, options)


def diagnose(audio: Signal | str | os.PathLike[str]) -> Diagnosis:
    """What is wrong with a recording, in words and in figures, and which effects would help.

    What is looked for, `vocolab.installed("detectors")` tells. The recording is read once, in blocks.

    Args:
        audio: `Audio`, another signal, or the path of an audio file.

    Raises:
        AudioError: if it can't be read to its end.
    """
    from vocolab.diagnosis import diagnose as diagnosed
    from vocolab.files.reader import open_audio

    signal = open_audio(audio) if isinstance(audio, str | os.PathLike) else checked_signal(audio, "diagnose")
    return diagnosed(signal, Catalog.installed())


def installed(kind: InstalledKind) -> dict[str, str]:
    """What there is of a kind: one line on each by its name, as the command of that name lists them.

    Args:
        kind: "vocoders", "voices", "effects", "detectors", "engines", "presets", "languages", "models" or
            "conventions".

    Raises:
        CallError: if there is no such kind.
    """
    from vocolab.listing import summaries

    return summaries(Catalog.installed(), kind)


def preset(name_or_path: str | os.PathLike[str]) -> Preset:
    """A preset by its name or by its path (ending in `.toml`): a `Chain` with a name and a summary.

    Raises:
        UnknownName: if there is no preset of that name.
        PresetError: with everything that is wrong with the file.
    """
    from vocolab.chain.presets import read_preset

    return read_preset(name_or_path, Catalog.installed())


def mel(audio: Audio, spec: MelSpec | str) -> Mel:
    """The mel spectrogram of audio in a convention, or in the one of that name.

    Raises:
        UnknownName: if there is no convention of that name.
        AudioError: if the audio can't be analysed so.
    """
    from vocolab.mels.extract import extract

    wanted = _spec(spec)
    assert wanted is not None
    checked_signal(audio, "mel")
    return extract(audio, wanted)


def text(
    text: str,
    *,
    language: str | None = None,
    input: InputForm | None = None,
    lexicon: str | os.PathLike[str] | Mapping[str, str] | None = None,
    rules: str | os.PathLike[str] | Mapping[str, str] | None = None,
    code: CodeReading = "skip",
    **options: Any,
) -> SpokenText:
    """A text as it will be spoken: sentences, words with the places they were written at, phonemes, what was assumed.

    Args:
        text: What is to be said.
        language: A language's name or tag. None: the only one that is installed, else the built-in one.
        input: "plain", "ssml", "markdown", or "messages" (JSON of chat models). None: SSML for a text that begins
            with `<speak`, else plain.
        lexicon: Pronunciations that win over the language's: a file, or words with phonemes as a file has them:
            `{"Nguyen": "/nwɪn/", "vocolab": "V OW1 K AH0 L AE2 B"}`.
        rules: What is said for what is written: a file, or a mapping such as `{"C++": "C plus plus"}`.
        code: Whether code blocks of Markdown are skipped or spelled.
        options: Options of the language; `vocolab languages NAME` lists them.

    Raises:
        UnknownName, OptionError: if there is no such language or option.
        CallError: if the text says that it is in another language.
        InputError: if the text is not in the form that it should be, or a file has a bad line; says where.
    """
    from vocolab.texts.opening import open_speaker, speak

    speaker = open_speaker(Catalog.installed(), language, options, lexicon=lexicon, rules=rules)
    return speak(speaker, text, input, code=code)


def measure(audio: Signal) -> Loudness:
    """Loudness (ITU-R BS.1770, EBU R 128), peaks and levels of audio; what is undefined is None.

    Raises:
        AudioError: for more than 6 channels, for rates outside 4 to 768 kHz, and for NaN or infinity.
    """
    from vocolab.loudness import measure as measure_loudness

    return measure_loudness(checked_signal(audio, "measure"))


def convert(
    checkpoint: str | os.PathLike[str],
    vocoder: str | None = None,
    *,
    config: str | os.PathLike[str] | None = None,
    mel_spec: MelSpec | str | os.PathLike[str] | None = None,
    key: str | None = None,
    layout: str | None = None,
) -> Conversion:
    """The voice in somebody's published checkpoint, with the layout that was recognised and what had to be assumed.

    Nothing in the file is executed. `conversion.voice.save("voice.safetensors")` keeps the voice.

    Args:
        checkpoint: A file of weights, or a folder with one.
        vocoder: What it is of. None: every installed vocoder is asked.
        config: Its configuration. None: the one inside the file or beside it.
        mel_spec: The convention of its mels, its name, or its TOML file. None: what the configuration says.
        key: Where in the file the model is, "model.generator", for a file that holds several.
        layout: Which of several layouts it is, for a file that can't tell; the error names them.

    Raises:
        UnknownName, CallError: if there is no such vocoder, or it reads no checkpoints.
        UnsafePickle: if the file asks for more than tensors and containers.
        CheckpointError: if nobody knows it, several do, or it does not fit its config.
    """
    from vocolab.checkpoints import convert_checkpoint

    return convert_checkpoint(
        Catalog.installed(), checkpoint, vocoder, config=config, mel_spec=_spec(mel_spec), key=key, layout=layout
    )


def export(voice: str | os.PathLike[str] | Voice, path: str | os.PathLike[str]) -> Exported:
    """Write a voice's network as an ONNX file that takes any length, its mel convention in the file's metadata.

    The file appears only if onnxruntime gives what torch gives, to 1e-4 at several lengths. Needs the extra `onnx`.

    Args:
        voice: A voice's name, its file, or a `Voice`.
        path: The file to write, ending in `.onnx`.

    Raises:
        CallError: if `path` does not end so, or the voice's vocoder can't be exported.
        UnknownName, CheckpointError: if there is no such voice, or it is damaged.
        DependencyMissing: if the packages of the extra are not installed.
        OutputError: if the file can't be written.
        PluginError: if the graph can't be built, or differs from torch.
    """
    from vocolab.onnx_export.exporting import export_voice

    return export_voice(Catalog.installed(), voice, path)


def _spec(spec: MelSpec | str | os.PathLike[str] | None) -> MelSpec | None:
    from vocolab.mels.conventions import convention

    return spec if spec is None or isinstance(spec, MelSpec) else convention(spec)


def _chain(preset: str | os.PathLike[str] | Chain | None, catalog: Catalog) -> Chain | None:
    from vocolab.chain.presets import read_preset

    return preset if preset is None or isinstance(preset, Chain) else read_preset(preset, catalog)


def _stored(mel: MelLike) -> Stored | None:
    """What is in the file of a mel."""
    if not isinstance(mel, str | os.PathLike):
        return None
    from vocolab.mels.storage import read_array

    return read_array(mel)


def _accepted(mel: MelLike, stored: Stored | None, wanted: MelSpec, stated: MelSpec | None, force: bool
              ) -> Mel:
    from vocolab.mels.reader import accept_mel, read_mel

    if isinstance(mel, str | os.PathLike):
        accepted, notes = read_mel(mel, wanted, stated, stored, force=force)
    else:
        accepted, notes = accept_mel(mel, wanted, stated, force=force)
    for note in notes:
        _log.warning(note)
    return accepted
