"""What is found in a file's tags, kept within bounds as it comes."""

from __future__ import annotations

from vocolab.files.tags.names import is_of_the_encoder
from vocolab.tags import (
    LONGEST_NAME,
    LONGEST_TEXT,
    MOST_CHAPTERS,
    MOST_CHARACTERS,
    MOST_TEXTS,
    Broadcast,
    Chapter,
    Origin,
    Picture,
    Tags,
    known_name,
)

_NO_TEXT = str.maketrans({"\0": None})
_MOST_CHARACTERS = MOST_CHARACTERS // 2
"""So that something can be stated besides."""


class Gathered:
    """Tags that are being read. What is too long, too many or nothing that a tag can hold is left out, and named."""

    def __init__(self) -> None:
        self.chapters: list[Chapter] = []
        self.broadcast: Broadcast | None = None
        self._texts: dict[str, list[str]] = {}
        self._spelled: dict[str, str] = {}
        self._cover: Picture | None = None
        self._has_front = False
        self._n_pictures = self._n_texts = self._n_characters = 0
        self._left_out: dict[str, None] = {}

    def add(self, name: str, texts: list[str]) -> None:
        """Texts of a name, behind those that it has. What a coder says of itself says nothing of the recording."""
        named = known_name(name)
        if is_of_the_encoder(named):
            return
        is_name = 0 < len(named) <= LONGEST_NAME and all(" " <= sign <= "}" and sign != "=" for sign in named)
        for text in texts if is_name else ():
            clean = text.translate(_NO_TEXT).encode("utf-8", "replace").decode().strip()
            if len(clean) > LONGEST_TEXT:
                self.leave(f"a text of {named} of {len(clean)} characters")
            elif self._n_texts >= MOST_TEXTS or self._n_characters + len(clean) > _MOST_CHARACTERS:
                self.leave(f"texts beyond {MOST_TEXTS}, or beyond {_MOST_CHARACTERS} characters")
            elif clean and clean not in self._texts.get(named.casefold(), ()):
                self._texts.setdefault(named.casefold(), []).append(clean)
                self._spelled.setdefault(named.casefold(), named)
                self._n_texts, self._n_characters = self._n_texts + 1, self._n_characters + len(clean)
        if not is_name:
            self.leave("a tag whose name is none")

    def replace(self, name: str, text: str) -> None:
        """Another text for a usual name that has one."""
        self._texts[name] = [text]

    def pop(self, name: str) -> str:
        """The text of a name, which is taken out."""
        return "; ".join(self._texts.pop(name, []))

    def text(self, name: str) -> str:
        """The text of a name; empty where there is none."""
        return "; ".join(self._texts.get(name, []))

    def picture(self, picture: Picture | None, *, is_front: bool) -> None:
        """A picture: the front cover is kept, else the first."""
        if picture is None:
            self.leave("a picture that is neither a JPEG nor a PNG, is damaged, or too large")
            return
        self._n_pictures += 1
        if self._cover is None or (is_front and not self._has_front):
            self._cover, self._has_front = picture, is_front

    def leave(self, what: str) -> None:
        """Something that can't be taken along."""
        if len(self._left_out) < 100:
            self._left_out[what] = None

    def over(self, other: Gathered) -> None:
        """What `other` has found and this has not."""
        for name, texts in other._texts.items():
            if name not in self._texts:
                self.add(other._spelled[name], texts)
        self.chapters = self.chapters or other.chapters
        self.broadcast = self.broadcast or other.broadcast
        if self._cover is None and other._cover is not None:
            self._cover, self._n_pictures = other._cover, other._n_pictures
        self._left_out.update(other._left_out)

    def origin(self) -> Origin | None:
        """What was found; None for nothing."""
        if self._n_pictures > 1:
            self.leave(f"{self._n_pictures - 1} more picture{'s'[: self._n_pictures > 2]}")
        chapters = self.chapters
        if len(chapters) > MOST_CHAPTERS:
            self.leave(f"{len(chapters) - MOST_CHAPTERS} of {len(chapters)} chapters")
        texts = {self._spelled[name]: tuple(several) for name, several in self._texts.items()}
        tags = Tags(texts, cover=self._cover, chapters=chapters[:MOST_CHAPTERS], broadcast=self.broadcast)
        return Origin(tags, tuple(self._left_out)) if tags or self._left_out else None
