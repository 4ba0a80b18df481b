"""`vocolab vocoders`: what can render, how large it is, and what a second of its audio costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from vocolab.cli.components import entries_of, origin, print_component
from vocolab.cli.models import able_to, model_facts, without_voices
from vocolab.cli.parameters import json_option
from vocolab.cli.session import Session, pass_session, print_json
from vocolab.cli.short_form import names_of
from vocolab.cli.table import table
from vocolab.rendering.chunks import FIRST_FRAMES

if TYPE_CHECKING:
    from vocolab.catalog import Catalog
    from vocolab.catalog.vocoder_sizes import VocoderSizes
    from vocolab.networks.sizes import Sizes
    from vocolab.plugins.host import Entry
    from vocolab.plugins.specs import VocoderSpec

_HEADER = ("vocoder", "from", "default voice", "parameters", "GMAC/s", "receptive field", "")
_UNKNOWN = "?"


@dataclass(frozen=True)
class _Shown:
    """A vocoder as this command shows it."""

    entry: Entry[VocoderSpec]
    known: VocoderSizes
    voices: list[str]


@click.command()
@click.argument("name", required=False, shell_complete=names_of("vocoders"))
@json_option
@pass_session
def vocoders(session: Session, name: str | None, as_json: bool) -> None:
    """List vocoders with size and cost; with NAME, describe one: its voices, abilities and options."""
    chosen = [_shown(session.catalog, entry) for entry in entries_of(session.catalog.vocoders, name)]
    if as_json:
        facts = [_facts(session.catalog, one) for one in chosen]
        print_json(facts[0] if name else facts)
    elif name:
        print_component(chosen[0].entry, *_detail(chosen[0]))
    else:
        _print_list(chosen)
    session.warn_of_broken_plugins()


def _shown(catalog: Catalog, entry: Entry[VocoderSpec]) -> _Shown:
    from vocolab.catalog.vocoder_sizes import vocoder_sizes

    voices = [voice.name for voice in catalog.voices.of(entry.qualified)]
    return _Shown(entry, vocoder_sizes(catalog, entry), voices)


def _facts(catalog: Catalog, one: _Shown) -> dict[str, Any]:
    sizes = one.known.sizes
    figures = None if sizes is None else {
        "of": _what_of(one), "parameters": sizes.parameters, "macs_per_second": sizes.macs_per_second,
        "context_frames": sizes.context_frames, "context_ms": _context_ms(sizes),
        "look_ahead_ms": _look_ahead_ms(sizes, _advised_frames(one)) if sizes.frame_rate_hz else None,
        "look_ahead_alone_ms": _look_ahead_ms(sizes) if sizes.frame_rate_hz else None, "note": sizes.note,
    }
    inputs = one.entry.spec.inputs if one.entry.is_loaded else None
    return model_facts(catalog, one.entry) | {
        "default_voice": next(iter(one.voices), None), "sizes": figures,
        "inputs": inputs and [{"name": given.name, "per": given.per, "meaning": given.meaning} for given in inputs],
    }


def _print_list(chosen: list[_Shown]) -> None:
    rows = [
        (one.entry.name, origin(one.entry), _default_voice(one), *_figures(one.known.sizes), one.entry.summary)
        for one in chosen
    ]
    click.echo(table(rows, _HEADER))
    click.echo("\nSizes are those of the default voice, or of the published default where there is none. GMAC/s: 10^9\n"
               "multiplications with an addition for a second of audio. Receptive field: to either side of a sample.")
    for one in chosen:
        if one.known.sizes and one.known.sizes.note:
            click.echo(f"{one.entry.name}: {one.known.sizes.note}.")
    if unread := [one.entry.name for one in chosen if not one.entry.is_loaded]:
        click.echo(f"Sizes that only the plugin's code knows: 'vocolab vocoders NAME' asks it ({', '.join(unread)}).")


def _detail(one: _Shown) -> list[tuple[str, str]]:
    rows = [("voices", ", ".join(one.voices) or ("none" if one.entry.spec.needs_voice else "none; it needs none"))]
    if sizes := one.known.sizes:
        parameters, cost, context = _figures(sizes)
        rows += [
            ("sizes of", _what_of(one) + (f" ({sizes.note})" if sizes.note else "")),
            ("parameters", f"{parameters} ({sizes.parameters:,})" if sizes.parameters else "none"),
            ("cost", f"{cost} GMAC per second of audio"),
            ("receptive field", f"{context} to either side"),
            *_look_ahead(sizes, _advised_frames(one)),
        ]
    rows += [(f"takes {given.name}", given.meaning) for given in one.entry.spec.inputs]
    able = able_to(one.entry)
    return [*rows, ("also", "; ".join(able))] if able else rows


def _look_ahead(sizes: Sizes, advised_frames: int) -> list[tuple[str, str]]:
    """How far a stream's audio is behind its mel."""
    if not sizes.frame_rate_hz:
        return []
    heard = f"{_look_ahead_ms(sizes, advised_frames):.0f} ms: what a stream hears before its first sample"
    alone = f"; {_look_ahead_ms(sizes):.0f} ms without what the voice recommends" if advised_frames else ""
    return [("look-ahead", f"{heard}, its first block of {FIRST_FRAMES} frames among it{alone}")]


def _look_ahead_ms(sizes: Sizes, advised_frames: int = 0) -> float:
    ahead = sizes.context_frames if sizes.ahead_frames is None else sizes.ahead_frames
    return (ahead + advised_frames + FIRST_FRAMES) / sizes.frame_rate_hz * 1000


def _advised_frames(one: _Shown) -> int:
    """What is added by what the default voice recommends to do to its audio."""
    from importlib.resources import as_file

    from vocolab.errors import OptionError
    from vocolab.mels.spec import MelSpec
    from vocolab.options import make_options
    from vocolab.postfilters.options import PostfilterOptions
    from vocolab.postfilters.reaches import reach_frames
    from vocolab.voice import read_header

    if one.known.voice is None:
        return 0
    with as_file(one.known.voice.spec.file) as path:
        header = read_header(path)
    try:
        options = make_options(PostfilterOptions, header.get("recommended", {}), "postfilter")
    except OptionError:  # a voice of another package: whoever renders with it is told
        return 0
    return reach_frames(options, MelSpec.from_dict(header["mel_spec"]))


def _figures(sizes: Sizes | None) -> tuple[str, str, str]:
    """Parameters, cost and receptive field for people."""
    if sizes is None:
        return _UNKNOWN, _UNKNOWN, _UNKNOWN
    parameters = f"{sizes.parameters / 1e6:.3g} M" if sizes.parameters else "none"
    milliseconds = _context_ms(sizes)
    duration = "" if milliseconds is None else f", {milliseconds:.0f} ms"
    return parameters, f"{sizes.macs_per_second / 1e9:.3g}", f"±{sizes.context_frames} frames{duration}"


def _context_ms(sizes: Sizes) -> float | None:
    return sizes.context_frames / sizes.frame_rate_hz * 1000 if sizes.frame_rate_hz else None


def _default_voice(one: _Shown) -> str:
    if one.voices:
        return one.voices[0]
    return without_voices(one.entry, "none: as published")


def _what_of(one: _Shown) -> str:
    return f"voice {one.known.voice.name}" if one.known.voice else "published default"
