"""What a file is, by its first bytes: for messages, and to know whether ffmpeg may be asked to decode it."""

from __future__ import annotations

import codecs

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
    (0, b"%PDF", "a PDF document"), (0, b"{\\rtf", "an RTF document"), (0, b"%!PS", "a PostScript document"),
    (0, bytes.fromhex("d0cf11e0a1b11ae1"), "a document of an old Office (DOC, XLS, PPT)"),
    (30, b"[Content_Types].xml", "an Office document (DOCX, XLSX, PPTX)"),
    (30, b"mimetypeapplication/epub", "an EPUB book"),
    (30, b"mimetypeapplication/vnd.oasis", "an OpenDocument file (ODT, ODS)"),
    (0, b"\x89PNG", "a picture (PNG)"), (0, b"\xff\xd8\xff", "a picture (JPEG)"), (0, b"GIF8", "a picture (GIF)"),
    (8, b"WEBP", "a picture (WebP)"), (0, b"II*\0", "a picture (TIFF)"), (0, b"MM\0*", "a picture (TIFF)"),
    (4, b"ftyphei", "a picture (HEIC)"), (4, b"ftypmif1", "a picture (HEIF)"), (4, b"ftypavif", "a picture (AVIF)"),
    (0, b"8BPS", "a picture (PSD)"),
    (0, b"\x93NUMPY", "a NumPy array"), (8, b'{"', "a safetensors file"), (0, b"\x89HDF", "an HDF5 file"),
    (0, b"MATLAB 5", "a MATLAB file"), (0, b"SQLite format 3", "an SQLite database"),
    (0, b"PK\x03\x04", "a zip archive"), (0, b"\x1f\x8b", "a gzip archive"), (0, b"BZh", "a bzip2 archive"),
    (0, b"\xfd7zXZ", "an xz archive"), (0, b"7z\xbc\xaf", "a 7-Zip archive"), (0, b"Rar!", "a RAR archive"),
    (0, b"\x28\xb5\x2f\xfd", "a Zstandard archive"), (257, b"ustar", "a tar archive"),
    (0, b"MThd", "a MIDI file, which has notes and no sound"),
    (0, b"\x7fELF", "a program"), (0, b"MZ\x90\0", "a program"),
    (0, b"version https://git-lfs", "a pointer of git-lfs and not the file ('git lfs pull' fetches that)"),
    (0, b"#EXTM3U", "a playlist"), (0, b"[playlist]", "a playlist"), (0, b"WEBVTT", "subtitles (WebVTT)"),
)  # fmt: skip
_TEXTS = (
    (b"<!doctype html", "a web page"), (b"<html", "a web page"), (b"<?xml", "an XML document"), (b"<speak", "SSML"),
    (b"{", "a text file (JSON)"), (b"[", "a text file"),
)
_TEXT_BYTES = frozenset(b"\t\n\r\f") | frozenset(range(32, 127)) | frozenset(range(128, 256))


def audio_kind(start: bytes) -> str:
    """What audio or video file begins like this, "an M4A file"; empty for none that is known."""
    if start[:2] in (b"\xff\xf1", b"\xff\xf9"):
        return "an AAC file (ADTS)"
    if len(start) > 188 and start[0] == start[188] == 0x47:
        return "an MPEG transport stream"
    if _found(_OTHERS, start[:16]).startswith("a picture"):  # in a container that sound comes in as well
        return ""
    return _found(_AUDIO, start)


def other_kind(start: bytes) -> str:
    """What else begins like this, "a picture (PNG)"; empty for what is not known."""
    if kind := _found(_OTHERS, start):
        return kind
    if not start.strip(b"\0"):
        return "nothing but zeros"
    return _text_kind(start)


def _text_kind(start: bytes) -> str:
    first = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if kind := next((kind for beginning, kind in _TEXTS[:4] if first.startswith(beginning)), ""):
        return kind
    if not _is_text(start):
        return ""
    return next((kind for beginning, kind in _TEXTS if first.startswith(beginning)), "a text file")


def _is_text(start: bytes) -> bool:
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):  # UTF-16
        return len(start) > 3 and 0 in start[2:4]
    if not set(start) <= _TEXT_BYTES:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)  # the last character may be cut in two
    except UnicodeDecodeError:
        return False
    return True


def _found(table: tuple[tuple[int, bytes, str], ...], start: bytes) -> str:
    return next((kind for at, magic, kind in table if start[at : at + len(magic)] == magic), "")
