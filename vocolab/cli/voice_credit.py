"""What a file says of the voice that it was rendered with: its licence, and what it was trained on."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import as_file
from typing import Any

from vocolab.catalog import Catalog
from vocolab.errors import CallError, CheckpointError

_LONGEST = 1000


def credited(catalog: Catalog, tags: Sequence[str], *voices: str) -> tuple[str, ...]:
    """The tags of a call, with a comment that credits the voices, unless the call has a comment of its own.

    Args:
        catalog: What is installed.
        tags: As `--tag` takes them: "title=Chapter 1".
        voices: Names or files of voices; empty ones are left out, and so are those that state nothing.
    """
    if any(tag.partition("=")[0].strip().lower() == "comment" for tag in tags):
        return tuple(tags)
    credits = [text for name in dict.fromkeys(voices) if name and (text := _credit(catalog, name))]
    return (*tags, f"comment={'; '.join(credits)[:_LONGEST]}") if credits else tuple(tags)


def _credit(catalog: Catalog, name: str) -> str:
    said = _provenance(catalog, name)
    licence, trained_on = said.get("licence"), said.get("trained_on")
    parts = [f"voice {name}", *([f"licence {licence}"] if licence else []),
             *([f"trained on {trained_on}"] if trained_on else [])]
    return ", ".join(parts) if licence or trained_on else ""


def _provenance(catalog: Catalog, name: str) -> dict[str, Any]:
    from vocolab.voice import read_header

    try:
        if name.endswith(".safetensors"):
            found: dict[str, Any] = read_header(name)["provenance"]
            return found
        with as_file(catalog.voices.get(name).spec.file) as path:
            found = read_header(path)["provenance"]
            return found
    except (CallError, CheckpointError, OSError):  # a model without a voice
        return {}
