"""What a file says of itself, for people and for programs."""

from __future__ import annotations

from typing import Any

from vocolab.tags import Broadcast, Chapter, Origin, Picture

_LONGEST = 200


def tag_facts(origin: Origin | None) -> dict[str, Any]:
    """In types that JSON knows; the cover by its size."""
    if origin is None:
        return {"tags": {}, "chapters": [], "cover": None, "broadcast": None}
    tags = origin.tags
    return {
        "tags": {name: texts[0] if len(texts) == 1 else list(texts) for name, texts in tags.values},
        "chapters": [{"start_s": one.start_s, "end_s": one.end_s, "title": one.title} for one in tags.chapters],
        "cover": None if tags.cover is None else _cover_facts(tags.cover),
        "broadcast": None if tags.broadcast is None else _broadcast_facts(tags.broadcast),
        "tags_not_kept": list(origin.left_out),
    }


def tag_text(origin: Origin | None) -> str:
    """A line for each; empty where there is nothing."""
    if origin is None:
        return ""
    tags = origin.tags
    lines = [f"{name}: {_short(text)}" for name, text in tags.items()]
    if tags.cover is not None:
        cover = tags.cover
        lines.append(f"cover: {cover.mime}, {cover.width} x {cover.height}, {len(cover.data)} bytes")
    lines += [f"chapter at {_clock(one)}: {_short(one.title)}" for one in tags.chapters]
    if tags.broadcast is not None:
        facts = _broadcast_facts(tags.broadcast)
        lines += [f"broadcast {name.replace('_', ' ')}: {_short(str(fact))}" for name, fact in facts.items() if fact]
    if origin.left_out:
        lines.append(f"not kept where audio is made of it: {', '.join(origin.left_out)}")
    return "\n".join(lines)


def _cover_facts(cover: Picture) -> dict[str, Any]:
    return {"mime": cover.mime, "width": cover.width, "height": cover.height, "bytes": len(cover.data)}


def _broadcast_facts(broadcast: Broadcast) -> dict[str, Any]:
    return {**vars(broadcast), "umid": broadcast.umid.hex()}


def _clock(chapter: Chapter) -> str:
    ms = round(chapter.start_s * 1000)
    return f"{ms // 3_600_000}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"


def _short(text: str) -> str:
    """A line of printable signs: what a file says is not obeyed by a terminal."""
    line = "".join(sign if sign.isprintable() else " " for sign in text)
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}... ({len(text)} characters)"
