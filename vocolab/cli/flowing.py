"""Audio that leaves through standard output as it is made, raw or as WAV, through effects that can keep up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vocolab.cli.pipes import STDOUT, standard_output

if TYPE_CHECKING:
    from vocolab.chain.one_pass import Block, Coming
    from vocolab.chain.presets import Preset
    from vocolab.cli.finishing import FinishCall
    from vocolab.cli.session import Session
    from vocolab.loudness import LoudnessMeter
    from vocolab.signals import Signal

_ENCODINGS = {16: "s16le", 24: "s24le", 32: "f32le"}
_WAV = ".wav"
_BLOCK_SAMPLES = 4_096
"""Of a file that is sent as it is read: 85 ms at 48 kHz."""


def flows(session: Session, call: FinishCall, preset: Preset) -> bool:
    """Whether audio can leave as it is made; where it goes through a pipe and can't, a line says why."""
    from vocolab.chain.one_pass import needs_the_whole

    if not call.to_stdout or call.dry_run or call.report is not None:
        return False
    chain = preset.with_output(call.output_form)
    if call.stdout_pcm is None and (preset.output | call.output_form).container.suffix != _WAV:
        return False
    if call.tags or call.cover is not None or call.number_tracks:
        return False
    if whole := needs_the_whole(chain):
        session.say(f"{STDOUT}: begins when all of it is made, since the whole has to be known for {whole}")
        return False
    return True


def send_flowing(
    session: Session, call: FinishCall, preset: Preset, audio: Coming | Signal, source: str,
    n_samples: int | None = None,
) -> None:
    """Run the chain and send what leaves it, block by block.

    Args:
        session: The command line's.
        call: What was asked for.
        preset: Its effects, which all keep up.
        audio: What goes in.
        source: What it is from, for messages.
        n_samples: Of all of it, where that is known: a WAV states it.

    Raises:
        MissedTarget: if what was sent does not keep what the preset promises.
        BrokenPipeError: when nobody reads any more.
        VocolabError: whatever goes wrong on the way; what was sent before is sent.
    """
    from vocolab.chain.one_pass import Coming, run_coming
    from vocolab.cli.deed_table import deed_table
    from vocolab.files.pcm import PcmEncoder, PcmForm
    from vocolab.files.wav_stream import wav_header
    from vocolab.loudness import LoudnessMeter

    output = standard_output()
    coming = audio if isinstance(audio, Coming) else Coming(audio.blocks(_BLOCK_SAMPLES), audio.sample_rate,
                                                            audio.channels)
    made = run_coming(preset, coming)
    encoding = call.stdout_pcm or _ENCODINGS[_bit_depth(call, preset)]
    form = PcmForm(encoding, made.sample_rate, made.channels)
    encoder, sent = PcmEncoder(form, call.form(preset).dither or "tpdf", call.seed), 0
    header = wav_header(form, n_samples) if call.stdout_pcm is None else b""
    meter = None if preset.target.is_empty else LoudnessMeter(form.sample_rate, form.channels)
    for block in _some(made.blocks()):
        sent += block.shape[1]
        if meter is not None:
            meter.add(block)
        output.write(header + encoder.encode(block))  # nothing is sent before there is something
        output.flush()
        header = b""
    output.write(header)
    output.flush()
    count = "1 channel" if form.channels == 1 else f"{form.channels} channels"
    session.say(f"{source} -> {STDOUT}: {sent / form.sample_rate:.2f} s, {form.sample_rate} Hz, {encoding}, {count}")
    if encoder.clipped_samples:
        session.say(f"  {encoder.clipped_samples} samples were over full scale and are limited to it; "
                    "--stdout-pcm f32le avoids that")
    if made.deeds:
        session.say(deed_table(made.deeds))
    if meter is not None:
        _check(preset, meter)


def _check(preset: Preset, meter: LoudnessMeter) -> None:
    """What was promised, of what was sent.

    Raises:
        MissedTarget: if it does not hold.
    """
    from vocolab.errors import MissedTarget

    for line in preset.check(meter.result()):
        if not line.holds:
            raise MissedTarget(f"{line.requirement} is {line.got:.2f} in what was sent; {line.wanted:g} was promised")


def _some(blocks: Iterator[Block]) -> Iterator[Block]:
    return (block for block in blocks if block.shape[1])


def _bit_depth(call: FinishCall, preset: Preset) -> int:
    from vocolab.files.formats import container_of, settled

    depth = settled(call.form(preset), container_of(f"a{_WAV}")).bit_depth
    assert depth is not None  # a WAV has one
    return int(depth)
