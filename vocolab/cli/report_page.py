"""A batch as a web page that stands alone: a table, and loudness over time as drawings in the page itself."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vocolab.cli.batch import one_line
from vocolab.cli.deed_table import deed_text
from vocolab.cli.report import codec_changes, number
from vocolab.delivery.report import Finished
from vocolab.delivery.wording import TITLES, reading_text

if TYPE_CHECKING:
    from vocolab.chain.presets import Preset
    from vocolab.cli.batch import Outcome
    from vocolab.deeds import Deed
    from vocolab.delivery.delivered import AlbumDelivery
    from vocolab.delivery.job import Job
    from vocolab.delivery.target import Requirement
    from vocolab.loudness import LoudnessCurves

_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 900, 150, 44, 6, 20
_LOWEST_LUFS, _HIGHEST_LUFS = -50.0, 0.0
_HALF_A_MARK = 32
_MOST_POINTS = 450
_MOMENTARY, _SHORT_TERM, _WANTED = "#8fb3d4", "#1f4e79", "#2e8b57"
_BAD, _QUIET, _GOOD = _WORST_FIRST = ("bad", "quiet", "good")
_COLUMNS = ("s", "LUFS", "dBTP", "gain LU")
_PLACES = 20

_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; color: #1c2430; margin: 2rem auto; max-width: 62rem; padding: 0 1rem }
h1 { font-size: 1.4rem; margin-bottom: .2rem } h2 { font-size: 1rem; margin: 1.6rem 0 .2rem } p { margin: .2rem 0 }
table { border-collapse: collapse; margin: 1rem 0; width: 100% }
th, td { text-align: left; padding: .3rem .7rem; border-bottom: 1px solid #d9dee5; white-space: nowrap }
td.name { white-space: normal; overflow-wrap: anywhere } h2, p { overflow-wrap: anywhere }
th { font-weight: 600; color: #55606e } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
.bad { color: #b3261e; font-weight: 600 } .good { color: #19713c } .quiet { color: #55606e }
svg { width: 100%; height: auto } svg text { font: 11px system-ui, sans-serif; fill: #55606e }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.4rem; color: #55606e; font-size: .85rem; margin-top: 1.2rem }
.legend i { display: inline-block; width: 1.6rem; height: 0; border-top: 3px solid; margin-right: .5rem;
  vertical-align: middle }
.sideways { display: none } .deeds { padding-left: 1.2rem; margin: .3rem 0 } .deeds li { overflow-wrap: anywhere }
.failures { border-left: 4px solid #b3261e; padding: .2rem 1rem; margin: 1rem 0; background: #fdf3f2 }
.failures li { margin: .3rem 0; overflow-wrap: anywhere } section { break-inside: avoid }
@media (max-width: 40rem) {
  body { margin: 1rem auto }
  thead { position: absolute; clip-path: inset(50%) }
  tr { display: grid; grid-template-columns: repeat(4, 1fr); border-bottom: 1px solid #d9dee5; padding: .4rem 0 }
  td { border: 0; padding: .1rem 0; text-align: left } td.name, td.said { grid-column: 1 / -1 }
  td.name { font-weight: 600 }
  td.n { text-align: left } td.n::before { content: attr(data-name); display: block; color: #55606e; font-size: .75rem }
  .curve { overflow-x: auto } .curve svg { width: 38rem } svg text { font-size: 16px } .sideways { display: inline }
}
@media print {
  body { margin: 0; max-width: none; font-size: 10pt; color: #000 }
  h1 { font-size: 14pt } thead { display: table-header-group }
  tr { break-inside: avoid } * { print-color-adjust: exact; -webkit-print-color-adjust: exact }
}
@page { margin: 15mm }
"""


def page(preset: Preset, outcomes: Sequence[Outcome[Job, Finished]], album: AlbumDelivery | None) -> str:
    """The whole page."""
    from importlib.metadata import version

    done = [outcome.result for outcome in outcomes if outcome.result is not None]
    failed = [outcome for outcome in outcomes if outcome.error is not None]
    title = f"{preset.name}: {len(done)} of {len(outcomes)} files"
    return "\n".join([
        "<!doctype html>", '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(title)}</h1>",
        f'<p class="quiet">{escape(preset.summary)}. Made by vocolab {escape(version("vocolab"))}.</p>',
        _failures(failed),
        _table(done, failed, album),
        _legend(done),
        *(_section(one) for one in done),
        "</body></html>",
    ])


def _table(
    done: Sequence[Finished], failed: Sequence[Outcome[Job, Finished]], album: AlbumDelivery | None
) -> str:
    head = "".join(f'<th class="n">{name}</th>' for name in _COLUMNS)
    rows = [_row(one) for one in done]
    rows += [_cells(str(one.job.source), ["-"] * len(_COLUMNS), '<span class="bad">FAILED</span>') for one in failed]
    if album is not None and album.loudness is not None:
        figures = ("", number(album.loudness.integrated_lufs), number(album.loudness.true_peak_dbtp), "")
        rows.append(_cells("The album", figures, _judged(album.requirements)))
    return (f"<table><thead><tr><th>file</th>{head}<th></th></tr></thead>"
            f"<tbody>{''.join(rows)}</tbody></table>")


def _row(one: Finished) -> str:
    written, loudness = one.delivery.written, one.delivery.loudness
    lufs, peak = (loudness.integrated_lufs, loudness.true_peak_dbtp) if loudness else (None, None)
    gain = "-" if one.gain_lu is None else f"{one.gain_lu:+.2f}"
    word = one.verdict
    kind = {"MISSED": "bad", "no loudness": "bad", "pass": "good"}.get(word, "quiet")
    said = f'<span class="{kind}">{word}</span>{" (skipped)" if one.is_old else ""}'
    return _cells(written.path.name, (f"{written.seconds:.2f}", number(lufs), number(peak), gain), said)


def _cells(name: str, figures: Sequence[str], said: str) -> str:
    numbers = "".join(
        f'<td class="n" data-name="{column}">{figure}</td>' for column, figure in zip(_COLUMNS, figures, strict=True)
    )
    return f'<tr><td class="name">{escape(name)}</td>{numbers}<td class="said">{said}</td></tr>'


def _failures(failed: Sequence[Outcome[Job, Finished]]) -> str:
    """What could not be made, and why: before all else."""
    if not failed:
        return ""
    count = "1 file failed" if len(failed) == 1 else f"{len(failed)} files failed"
    items = "".join(
        f"<li>{escape(one_line(one.error, str(one.job.source)))}</li>" for one in failed if one.error is not None
    )
    return f'<div class="failures"><p class="bad">{count}</p><ul>{items}</ul></div>'


def _legend(done: Sequence[Finished]) -> str:
    """What the lines of the drawings are; nothing where nothing is drawn."""
    drawn = [one.delivery for one in done if one.delivery.curves is not None]
    if not drawn:
        return ""
    has_target = any(one.target.loudness_for(one.written.channels) is not None for one in drawn)
    lines = [(_MOMENTARY, "solid", "momentary loudness, 400 ms"), (_SHORT_TERM, "solid", "short-term loudness, 3 s"),
             *([(_WANTED, "dashed", "target of the whole file")] if has_target else [])]
    keys = "".join(
        f'<span><i style="border-top: 3px {style} {colour}"></i>{text}</span>' for colour, style, text in lines
    )
    return (
        f'<div class="legend">{keys}<span>in LUFS over seconds</span>'
        '<span class="sideways">what is wider than the screen moves sideways</span></div>'
    )


def _section(one: Finished) -> str:
    delivery = one.delivery
    parts = [f"<h2>{escape(delivery.written.path.name)}</h2>", f'<p class="quiet">from {escape(one.source)}</p>']
    if delivery.is_decoded:
        parts.append(f"<p>{'; '.join(['Measured in the decoded file', *codec_changes(delivery)])}.</p>")
    if delivery.requirements:
        parts.append(f"<p>{_judged(delivery.requirements)}</p>")
    if delivery.deeds:
        parts.append(f'<ul class="deeds">{"".join(map(_deed, delivery.deeds))}</ul>')
    if delivery.curves is not None and delivery.loudness is not None:
        wanted = delivery.target.loudness_for(delivery.written.channels)
        drawn = drawing(delivery.curves, delivery.written.seconds, wanted)
        parts.append(f'<div class="curve" tabindex="0">{drawn}</div>')
    return "\n".join(["<section>", *parts, "</section>"])


def _deed(deed: Deed) -> str:
    kind = _QUIET if deed.is_idle else "done"
    return f'<li class="{kind}"><b>{escape(deed.effect)}</b> {escape(deed_text(deed, _PLACES))}</li>'


def _judged(requirements: Sequence[Requirement]) -> str:
    """What was read, in the colour of its verdict; once, the worst, where two requirements bound the same reading."""
    kinds: dict[str, str] = {}
    for line in requirements:
        reading = f"{TITLES[line.requirement]} {escape(reading_text(line.requirement, line.got))}"
        kinds[reading] = min(_kind(line), kinds.get(reading, _GOOD), key=_WORST_FIRST.index)
    return "; ".join(f'<span class="{kind}">{reading}</span>' for reading, kind in kinds.items())


def _kind(requirement: Requirement) -> str:
    if not requirement.holds:
        return _BAD
    return _GOOD if requirement.passed else _QUIET


def drawing(curves: LoudnessCurves, seconds: float, wanted_lufs: float | None) -> str:
    """Momentary (light) and short-term (dark) loudness at the end of each window, and the target (dashed), as SVG."""
    seconds = max(seconds, 1e-3)
    lines = [_grid(), _time_axis(seconds)]
    for values, window_s, colour in (
        (curves.momentary_lufs, curves.momentary_s, _MOMENTARY),
        (curves.short_term_lufs, curves.short_term_s, _SHORT_TERM),
    ):
        points = _points(values, window_s, curves.hop_s, seconds)
        lines.append(f'<polyline fill="none" stroke="{colour}" stroke-width="1.5" points="{points}"/>')
    if wanted_lufs is not None:
        y = _y(wanted_lufs)
        lines.append(
            f'<line x1="{_LEFT}" x2="{_WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="{_WANTED}" stroke-dasharray="6 4"/>'
        )
    label = "Loudness over time: momentary light, short-term dark, target dashed"
    return (
        f'<svg viewBox="0 {-_TOP} {_WIDTH} {_HEIGHT + _BOTTOM + _TOP}" role="img" aria-label="{label}">'
        f"<title>{label}</title>"
        f"{''.join(lines)}</svg>"
    )


def _grid() -> str:
    return "".join(
        f'<line x1="{_LEFT}" x2="{_WIDTH}" y1="{_y(lufs):.1f}" y2="{_y(lufs):.1f}" stroke="#e6eaef"/>'
        f'<text x="{_LEFT - 6}" y="{_y(lufs) + 4:.1f}" text-anchor="end">{lufs:.0f}</text>'
        for lufs in range(int(_LOWEST_LUFS), int(_HIGHEST_LUFS) + 1, 10)
    )


def _time_axis(seconds: float) -> str:
    step = 10 ** math.floor(math.log10(seconds))
    step = next(step * factor for factor in (0.1, 0.2, 0.5, 1, 2) if seconds / (step * factor) <= 10)
    marks = np.arange(0, seconds, step)
    return "".join(
        f'<text x="{_x(mark, seconds):.1f}" y="{_HEIGHT + 15}" text-anchor="{_anchor(mark, seconds)}">{mark:g} s</text>'
        for mark in marks
    )


def _anchor(mark: float, seconds: float) -> str:
    """At which end a mark is held, so that the last one does not stand over the edge."""
    return "end" if _x(mark, seconds) > _WIDTH - _HALF_A_MARK else "middle"


def _points(values: NDArray[np.float64], window_s: float, hop_s: float, seconds: float) -> str:
    """The loudest of each stretch, so that no more points are drawn than can be seen."""
    if not len(values):
        return ""
    stretch = max(1, -(-len(values) // _MOST_POINTS))
    loudest = np.maximum.reduceat(values, np.arange(0, len(values), stretch))
    times_s = np.arange(len(loudest)) * stretch * hop_s + window_s
    return " ".join(
        f"{_x(time_s, seconds):.1f},{_y(lufs):.1f}" for time_s, lufs in zip(times_s, loudest, strict=True)
    )


def _x(time_s: float, seconds: float) -> float:
    return _LEFT + (_WIDTH - _LEFT) * min(time_s / seconds, 1.0)


def _y(lufs: float) -> float:
    shown = min(max(lufs, _LOWEST_LUFS), _HIGHEST_LUFS)
    return 6 + (_HEIGHT - 12) * (_HIGHEST_LUFS - shown) / (_HIGHEST_LUFS - _LOWEST_LUFS)
