"""What notebooks show of audio and mels: a player, a waveform and a picture, made here without a plotting package."""

from __future__ import annotations

import base64
import struct
import zlib
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

_WIDTH, _HEIGHT = 600, 60
"""Of the waveform of a channel, in pixels."""
_MOST_COLUMNS = 1200
_BAND_PIXELS = 2
_SHADES = ((0.0, (11, 12, 40)), (0.35, (87, 28, 109)), (0.65, (203, 63, 78)), (0.85, (245, 145, 66)),
           (1.0, (252, 243, 186)))  # fmt: skip
"""From the least value to the greatest: position and colour."""


def audio_html(title: str, samples: NDArray[np.float32], wav: bytes) -> str:
    """A title, the waveform of each channel, and a player with the WAV in it; it needs no other file.

    Args:
        title: In words.
        samples: (channels, samples) of full scale 1.
        wav: What is played; empty for none.
    """
    data = base64.b64encode(wav).decode()
    player = f'<audio controls preload="metadata" src="data:audio/wav;base64,{data}"></audio>' if wav else ""
    waves = "".join(_wave_svg(channel) for channel in samples)
    return f"<div><div>{escape(title)}</div>{waves}<br>{player}</div>"


def mel_html(title: str, values: NDArray[np.float32]) -> str:
    """A title and the picture of (n_mels, frames), low bands below; of many frames each column shows the greatest."""
    data = base64.b64encode(mel_png(values)).decode()
    return f'<div><div>{escape(title)}</div><img alt="{escape(title)}" src="data:image/png;base64,{data}"></div>'


def mel_png(values: NDArray[np.float32]) -> bytes:
    """The picture alone, as PNG."""
    stretch = -(-values.shape[1] // _MOST_COLUMNS)
    columns = np.maximum.reduceat(values, np.arange(0, values.shape[1], stretch), axis=1)
    low, high = np.percentile(columns, 1), columns.max()
    share = np.clip((columns[::-1] - low) / max(high - low, 1e-6), 0, 1)
    places, colours = [place for place, _ in _SHADES], np.array([colour for _, colour in _SHADES])
    pixels = np.stack([np.interp(share, places, colours[:, one]) for one in range(3)], axis=-1)
    return _png(np.repeat(pixels, _BAND_PIXELS, axis=0).astype(np.uint8))


def table_html(title: str, rows: list[tuple[str, str]]) -> str:
    """Names and texts side by side."""
    cells = "".join(f"<tr><td>{escape(name)}</td><td>{escape(text)}</td></tr>" for name, text in rows)
    return f"<table><caption>{escape(title)}</caption>{cells}</table>"


def _wave_svg(samples: NDArray[np.float32]) -> str:
    edges = np.linspace(0, samples.size, min(_WIDTH, samples.size) + 1).astype(int)[:-1]
    if not edges.size:
        return ""
    highest, lowest = np.maximum.reduceat(samples, edges), np.minimum.reduceat(samples, edges)
    middle = _HEIGHT / 2
    step = _WIDTH / edges.size

    def points(values: NDArray[np.float32]) -> list[str]:
        heights = middle * (1 - np.clip(values, -1, 1))
        return [f"{step * column:.1f},{height:.1f}" for column, height in enumerate(heights)]

    outline = " ".join([*points(highest), *reversed(points(lowest))])
    return (f'<svg width="{_WIDTH}" height="{_HEIGHT}" viewBox="0 0 {_WIDTH} {_HEIGHT}" style="display:block">'
            f'<line x2="{_WIDTH}" y1="{middle}" y2="{middle}" stroke="#c8ced6"/>'
            f'<polygon points="{outline}" fill="#1f4e79" stroke="#1f4e79" stroke-width="0.5"/></svg>')


def _png(pixels: NDArray[np.uint8]) -> bytes:
    """(height, width, 3) as PNG: a header, all rows compressed, an end."""
    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)  # each row begins with its filter: none

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def shown(value: Any) -> str:
    """A reading with two decimals, or a dash for what is not defined."""
    return "-" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value)
