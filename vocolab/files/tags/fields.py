"""Texts in fields of a fixed size, as WAV's and MP3's older tags have them."""

from __future__ import annotations


def field_text(field: bytes) -> str:
    """Up to the first NUL; ASCII or Latin-1, say the standards, and UTF-8 say many files."""
    content = field.split(b"\0")[0]
    try:
        return content.decode("utf-8").strip()
    except UnicodeDecodeError:
        return content.decode("latin-1").strip()
