"""What vocolab-onnx-file adds to vocolab: a vocoder, a preset and a command. Keep it light."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files

from pydantic import Field
from vocolab import CommandSpec, Options, PresetSource, VocoderSpec, hookimpl

vocolab_interface = 1


class OnnxFileOptions(Options):
    """What the vocoder can be told."""

    file: str = Field("", description="The ONNX file, as 'vocolab export' writes it.")


@hookimpl
def vocolab_vocoders() -> Iterable[VocoderSpec]:
    """The vocoders of this package."""
    yield VocoderSpec(
        name="onnx-file",
        summary="Any vocoder that 'vocolab export' has written as an ONNX file",
        target="vocolab_onnx_file.vocoder:OnnxFile",
        options=OnnxFileOptions,
        needs_voice=False,
    )


@hookimpl
def vocolab_presets() -> Iterable[PresetSource]:
    """The folder of presets: each NAME.toml in it is the preset NAME."""
    yield PresetSource(folder=files("vocolab_onnx_file") / "presets")


@hookimpl
def vocolab_commands() -> Iterable[CommandSpec]:
    """The commands of this package."""
    yield CommandSpec(
        name="onnx-file",
        summary="Say what is in an ONNX file of a vocoder",
        target="vocolab_onnx_file.command:command",
    )
