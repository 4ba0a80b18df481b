"""What a file is, by its first bytes: for messages, and to know whether ffmpeg may be asked to decode it."""

from __future__ import annotations

_ASF = bytes.fromhex("3026b2758e66cf11")

_AUDIO = (
    (0, b"RIFF", "a RIFF file"), (0, b"RF64", "an RF64 file"), (0, b"fLaC", "a FLAC file"),
    (0, b"OggS", "an Ogg file"), (0, b"ID3", "an MP3 or AAC file"), (0, b"FORM", "an AIFF file"),
    (4, b"ftyp", "an MPEG-4 file (M4A, MP4, MOV)"), (4, b"moov", "a QuickTime file"), (4, b"mdat", "a QuickTime file"),
    (0, _ASF, "a Windows Media file (WMA, WMV)"), (0, b"\x1aE\xdf\xa3", "a Matroska or WebM file"),
    (0, b"#!AMR", "an AMR file"), (0, b"MAC ", "a Monkey's Audio file"), (0, b"wvpk", "a WavPack file"),
    (0, b"TTA1", "a True Audio file"), (0, b"FLV\x01", "a Flash video file"), (0, b"MPCK", "a Musepack file"),
    (0, b"\x0b\x77", "an AC-3 file"), (0, b"\x7f\xfe\x80\x01", "a DTS file"), (0, b"DSD ", "a DSD file"),
    (0, b"\x00\x00\x01\xba", "an MPEG video file"), (0, b"caff", "a CAF file"), (0, b".snd", "an AU file"),
)  # fmt: skip
_OTHERS = (
    (0, b"%PDF", "a PDF document"), (0, b"\x89PNG", "a picture"), (0, b"\xff\xd8\xff", "a picture"),
    (0, b"GIF8", "a picture"), (0, b"\x93NUMPY", "a NumPy array"), (0, b"PK\x03\x04", "a zip archive"),
    (0, b"\x1f\x8b", "a gzip archive"), (0, b"7z\xbc\xaf", "a 7-Zip archive"), (0, b"Rar!", "a RAR archive"),
    (0, b"<!DOCTYPE", "a web page"), (0, b"<html", "a web page"), (0, b"#EXTM3U", "a playlist"),
    (8, b'{"', "a safetensors file"),
)  # fmt: skip
_TEXT_BYTES = frozenset(b"\t\n\r\f") | frozenset(range(32, 127)) | frozenset(range(128, 256))


def audio_kind(start: bytes) -> str:
    """What audio or video file begins like this, "an M4A file"; empty for none that is known."""
    if start[:2] in (b"\xff\xf1", b"\xff\xf9"):
        return "an AAC file (ADTS)"
    if len(start) > 188 and start[0] == start[188] == 0x47:
        return "an MPEG transport stream"
    return _found(_AUDIO, start)


def other_kind(start: bytes) -> str:
    """What else begins like this, "a picture"; empty for what is not known."""
    if kind := _found(_OTHERS, start):
        return kind
    if not start.strip(b"\0"):
        return "nothing but zeros"
    return "a text file" if set(start) <= _TEXT_BYTES and start.isascii() else ""


def _found(table: tuple[tuple[int, bytes, str], ...], start: bytes) -> str:
    return next((kind for at, magic, kind in table if start[at : at + len(magic)] == magic), "")
