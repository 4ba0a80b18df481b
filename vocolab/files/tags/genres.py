"""Genres by number, as ID3v1 has them (its list of 80), and those of speech that came later."""

from __future__ import annotations

import re

_NAMES = """
Blues|Classic Rock|Country|Dance|Disco|Funk|Grunge|Hip-Hop|Jazz|Metal|New Age|Oldies|Other|Pop|R&B|Rap|Reggae|Rock|
Techno|Industrial|Alternative|Ska|
Death Metal|Pranks|Soundtrack|Euro-Techno|Ambient|Trip-Hop|Vocal|Jazz+Funk|Fusion|Trance|
Classical|Instrumental|Acid|House|Game|Sound Clip|Gospel|Noise|Alternative Rock|Bass|Soul|Punk|Space|Meditative|
Instrumental Pop|Instrumental Rock|Ethnic|Gothic|Darkwave|Techno-Industrial|Electronic|Pop-Folk|Eurodance|Dream|
Southern Rock|Comedy|Cult|Gangsta|Top 40|Christian Rap|Pop/Funk|Jungle|Native American|Cabaret|New Wave|Psychedelic|
Rave|Showtunes|Trailer|Lo-Fi|Tribal|Acid Punk|Acid Jazz|Polka|Retro|Musical|Rock & Roll|Hard Rock
"""
GENRES = dict(enumerate(_NAMES.replace("\n", "").split("|"))) | {101: "Speech", 183: "Audiobook", 184: "Audio Theatre",
                                                                 186: "Podcast"}
_REFERENCE = re.compile(r"\((\d{1,3})\)(.*)", re.DOTALL)


def genre_name(text: str) -> str:
    """The name of a genre that ID3 gives by number: "17", "(17)", "(17)Rock"; any other text as it is."""
    reference = _REFERENCE.fullmatch(text)
    if reference:
        number, refined = reference.groups()
        return str(refined or GENRES.get(int(number), number))
    return GENRES.get(int(text), text) if re.fullmatch(r"\d{1,3}", text) else text
