"""Files as recorders, browsers and other programs leave them, made byte by byte."""

import struct

import numpy as np

PCM_GUID = bytes.fromhex("0100000000001000800000aa00389b71")


def steps(seconds=1.0, rate=16_000, channels=1):
    """A tone of 16 bits."""
    tone = np.round(9000 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate)) / rate)).astype("<i2")
    return np.repeat(tone[:, None], channels, axis=1)


def chunk(name, content, size=None, *, padded=True):
    """A chunk; `size` is what its header states."""
    pad = b"\0" * (len(content) % 2 if padded else 0)
    return name + struct.pack("<I", len(content) if size is None else size) + content + pad


def form(channels=1, rate=16_000, mask=None):
    """A fmt chunk of 16 bits, with a channel mask where one is given."""
    block = 2 * channels
    tag = 1 if mask is None else 0xFFFE
    content = struct.pack("<HHIIHH", tag, channels, rate, rate * block, block, 16)
    if mask is not None:
        content += struct.pack("<HHI", 22, 16, mask) + PCM_GUID
    return chunk(b"fmt ", content)


def riff(*chunks, size=None, magic=b"RIFF"):
    """A WAV of these chunks."""
    body = b"WAVE" + b"".join(chunks)
    return magic + struct.pack("<I", len(body) if size is None else size) + body


def wav_of_mask(samples, mask, rate=48_000):
    """A WAV of 16 bits of float samples (channels, n)."""
    data = np.round(samples.T * 32767).astype("<i2").tobytes()
    return riff(form(len(samples), rate, mask), chunk(b"data", data))
