"""What a recording says about itself: texts by name, a cover, chapters, and what broadcasters note.

Names are those of `USUAL_NAMES`, whatever a format calls them; `vocolab.files.tags` knows the formats. A name that is
not usual is kept as it is spelled.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from vocolab.errors import CallError

USUAL_NAMES = (
    "title", "subtitle", "artist", "album", "album_artist", "track", "disc", "date", "original_date", "genre",
    "comment",
    "description", "composer", "lyricist", "performer", "conductor", "narrator", "remixer", "publisher", "copyright",
    "license", "language", "isrc", "barcode", "catalog_number", "grouping", "mood", "bpm", "key", "lyrics",
    "encoded_by",
    "website", "compilation", "media", "title_sort", "artist_sort", "album_sort", "album_artist_sort", "series",
    "episode",
)  # fmt: skip
"""Names that most programs know."""

_OTHER_SPELLINGS = {
    "tracknumber": "track", "trackno": "track", "discnumber": "disc", "disk": "disc", "disknumber": "disc",
    "year": "date", "originalyear": "original_date", "organization": "publisher", "label": "publisher",
    "labelno": "catalog_number", "author": "artist", "albumartists": "album_artist", "band": "album_artist",
    "ean": "barcode", "upc": "barcode", "initialkey": "key", "url": "website", "www": "website",
    "contentgroup": "grouping", "unsyncedlyrics": "lyrics", "unsyncedlyric": "lyrics", "tempo": "bpm",
    "licence": "license", "writer": "lyricist", "speaker": "narrator", "reader": "narrator",
}  # fmt: skip
_BY_SPELLING = {name.replace("_", ""): name for name in USUAL_NAMES} | _OTHER_SPELLINGS

LONGEST_NAME = 100
LONGEST_TEXT = 100_000
MOST_TEXTS = 1000
MOST_CHARACTERS = 2_000_000
"""Of all texts: in any encoding less than a block of FLAC holds."""
MOST_CHAPTERS = 999
"""What a Vorbis comment can count."""

Texts: TypeAlias = "str | Sequence[str]"
"""One text, or several: two artists."""


def known_name(name: str) -> str:
    """The usual name that is meant ("TRACKNUMBER", "album artist", "Year"), else the name as it is spelled."""
    spelled = name.strip()
    return _BY_SPELLING.get(re.sub(r"[ _-]", "", spelled).casefold(), spelled)


@dataclass(frozen=True)
class Picture:
    """A cover: JPEG or PNG, as `vocolab.files.tags.pictures` has looked at it."""

    data: bytes = field(repr=False)
    mime: str
    """"image/jpeg" or "image/png"."""
    width: int
    height: int
    bits: int = 24
    """Of a pixel."""


@dataclass(frozen=True)
class Chapter:
    """Where a chapter begins and ends, in seconds, and its title."""

    start_s: float
    title: str = ""
    end_s: float | None = None
    """None: where the next begins."""


@dataclass(frozen=True)
class Broadcast:
    """What a broadcast WAV says (EBU Tech 3285): who made it, and when, to the sample."""

    description: str = ""
    originator: str = ""
    originator_reference: str = ""
    date: str = ""
    """yyyy-mm-dd."""
    time: str = ""
    """hh:mm:ss."""
    time_s: float | None = None
    """When the first sample was recorded, in seconds since midnight; None: nobody says. Not rounded to a sample."""
    umid: bytes = b""
    coding_history: str = ""


@dataclass(frozen=True, init=False)
class Tags:
    """Texts by name, a cover, chapters, and what broadcasters note.

        Tags(title="One", artist=["A. Reader", "B. Reader"], track="3/12")

    WAV, FLAC, Ogg, Opus and MP3 take all of them.

    Args:
        texts: By name; names of other than letters go into `others`. Empty ones are left out.
        others: The same, for any name.
        cover: A picture, from `vocolab.files.tags.read_cover`.
        chapters: In their order.
        broadcast: Of broadcast WAVs.

    Raises:
        CallError: if a name or a text is none that files can hold.
    """

    values: tuple[tuple[str, tuple[str, ...]], ...]
    """Names and their texts, the usual ones first. Capitals make no other name."""
    cover: Picture | None
    chapters: tuple[Chapter, ...]
    broadcast: Broadcast | None

    def __init__(
        self,
        others: Mapping[str, Texts] | None = None,
        *,
        cover: Picture | None = None,
        chapters: Iterable[Chapter] = (),
        broadcast: Broadcast | None = None,
        **texts: Texts,
    ) -> None:
        values: dict[str, tuple[str, tuple[str, ...]]] = {}
        for spelled, given in {**(others or {}), **texts}.items():
            name = known_name(spelled)
            several = tuple(text for text in ([given] if isinstance(given, str) else given) if text)
            _check(name, several)
            if several:
                values[name.casefold()] = (name, several)
        if sum(len(text) for _, several in values.values() for text in several) > MOST_CHARACTERS:
            raise CallError(f"tags of more than {MOST_CHARACTERS} characters: no file holds so many")
        object.__setattr__(self, "values", tuple(sorted(values.values(), key=_order)))
        object.__setattr__(self, "cover", cover)
        object.__setattr__(self, "chapters", tuple(chapters))
        object.__setattr__(self, "broadcast", broadcast)

    def items(self) -> list[tuple[str, str]]:
        """Names and texts of those that are set; several texts of one name with "; " between them."""
        return [(name, "; ".join(several)) for name, several in self.values]

    def get(self, name: str) -> str:
        """The text of a name; empty where there is none."""
        wanted = known_name(name).casefold()
        return next((text for named, text in self.items() if named.casefold() == wanted), "")

    def __getattr__(self, name: str) -> str:
        if name not in USUAL_NAMES:
            raise AttributeError(f"{name!r} is no usual tag; for others there is get(name)")
        return self.get(name)

    def __or__(self, other: Tags) -> Tags:
        """Both, `other`'s where both state something."""
        return Tags(
            {**dict(self.values), **dict(other.values)},
            cover=other.cover or self.cover,
            chapters=other.chapters or self.chapters,
            broadcast=other.broadcast or self.broadcast,
        )

    def __bool__(self) -> bool:
        """Whether anything is stated."""
        return bool(self.values or self.cover or self.chapters or self.broadcast)

    def without(self, is_unwanted: Callable[[str], bool]) -> Tags:
        """Without the texts whose name is unwanted."""
        kept = {name: several for name, several in self.values if not is_unwanted(name)}
        return Tags(kept, cover=self.cover, chapters=self.chapters, broadcast=self.broadcast)

    def with_(self, **parts: object) -> Tags:
        """The same with another cover, other chapters, or another `broadcast`."""
        whole: dict[str, object] = {"cover": self.cover, "chapters": self.chapters, "broadcast": self.broadcast}
        return Tags(dict(self.values), **{**whole, **parts})  # type: ignore[arg-type]


@dataclass(frozen=True)
class Origin:
    """The recording that a signal was made from: what it says about itself, and where in it the signal begins."""

    tags: Tags
    left_out: tuple[str, ...] = ()
    """What else it says that nothing here can take along, named for people: "the chunk iXML"."""
    begins_s: float | None = 0.0
    """Seconds of the recording that are cut off before the signal; less than 0 where something was put before it. None:
    an effect has made another time of it, and nobody can say."""

    def moved(self, by_s: float | None) -> Origin:
        """Of a signal that begins so much later in the recording; None: nobody can say."""
        return replace(self, begins_s=None if by_s is None or self.begins_s is None else self.begins_s + by_s)


def origin_of(signal: object) -> Origin | None:
    """The recording that a signal was made from; None where it says nothing."""
    origin = getattr(signal, "origin", None)
    return origin if isinstance(origin, Origin) else None


def moved(origin: Origin, seconds: float) -> tuple[Tags, list[str]]:
    """The tags of a signal of that length and that origin, their times moved with it; and what is lost by that."""
    tags, begins_s = origin.tags, origin.begins_s
    if begins_s is None:
        return _timeless(tags)
    if begins_s == 0.0:
        return tags, []
    chapters, lost = _chapters(tags.chapters, begins_s, seconds)
    broadcast = tags.broadcast
    if broadcast is not None and broadcast.time_s is not None:
        time_s = broadcast.time_s + begins_s
        if time_s < 0:
            lost.append("the time reference (it would be before midnight)")
        broadcast = replace(broadcast, time_s=time_s if time_s >= 0 else None)
    return tags.with_(chapters=chapters, broadcast=broadcast), lost


def _timeless(tags: Tags) -> tuple[Tags, list[str]]:
    lost = [f"{len(tags.chapters)} chapters (an effect has changed the time)"] if tags.chapters else []
    broadcast = tags.broadcast
    if broadcast is not None and broadcast.time_s is not None:
        broadcast = replace(broadcast, time_s=None)
        lost.append("the time reference (an effect has changed the time)")
    return tags.with_(chapters=(), broadcast=broadcast), lost


def _chapters(chapters: Sequence[Chapter], begins_s: float, seconds: float) -> tuple[list[Chapter], list[str]]:
    """Those of a recording of which so much is cut off; what lies outside is lost."""
    kept, lost = [], []
    for number, chapter in enumerate(chapters):
        following = chapters[number + 1].start_s if number + 1 < len(chapters) else None
        end_s = chapter.end_s if chapter.end_s is not None else following
        start_s = chapter.start_s - begins_s
        if start_s >= seconds or (end_s is not None and end_s - begins_s <= 0):
            lost.append(f"the chapter {chapter.title or number + 1!r} (it is cut off)")
            continue
        moved_end_s = None if chapter.end_s is None else min(chapter.end_s - begins_s, seconds)
        kept.append(replace(chapter, start_s=max(start_s, 0.0), end_s=moved_end_s))
    return kept, lost


def _order(value: tuple[str, tuple[str, ...]]) -> tuple[int, str]:
    name, _ = value
    return (USUAL_NAMES.index(name) if name in USUAL_NAMES else len(USUAL_NAMES)), name.casefold()


def _check(name: str, texts: Sequence[str]) -> None:
    if not 0 < len(name) <= LONGEST_NAME or any(not " " <= sign <= "}" or sign == "=" for sign in name):
        raise CallError(f"a tag can't be named {name[:LONGEST_NAME]!r}: names are 1 to {LONGEST_NAME} letters, digits "
                        "and signs of ASCII, without =")
    for text in texts:
        if len(text) > LONGEST_TEXT or "\0" in text:
            raise CallError(f"the tag {name} has to be a text of at most {LONGEST_TEXT} characters, without NUL")
        if any("\ud800" <= sign <= "\udfff" for sign in text):
            raise CallError(f"the tag {name} holds signs that are no text (not UTF-8)")
