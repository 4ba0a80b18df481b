"""What machines read: URLs, domains, e-mail addresses, file paths and names, @handles, #hashtags."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vocolab_english.normaliser import numbers
from vocolab_english.normaliser.rule import DIGIT, JOINED, Context, Said, rule
from vocolab_english.normaliser.tables import listed

SIGNS = {
    ".": "dot", "-": "dash", "_": "underscore", "/": "slash", "\\": "backslash", ":": "colon", "@": "at", "~": "tilde",
    "?": "question mark", "=": "equals", "&": "ampersand", "#": "hash", "%": "percent", "+": "plus", "*": "asterisk",
    "!": "exclamation mark", "$": "dollar sign", ",": "comma", ";": "semicolon", "'": "apostrophe", "^": "caret",
    "|": "vertical bar",
}  # fmt: skip
_LETTERS = listed(
    "www http https ftp ssh url html htm xhtml xml css js php asp aspx jsp cgi api id faq ip tcp ui ux tv ai io us uk "
    "de fr jp cn ru es nl ch se no be dk fi pl br eu ca au nz za mx kr tw hk sg ie cz gr pt pdf txt doc docx xls xlsx "
    "ppt csv svg mp mpg gz tgz exe dll iso apk py rs ts md rb cpp hpp sh sql db"
)
_SAID = {"jpg": "jpeg"}
_PIECES = re.compile(r"[^\W\d_]+|\d|[^\w\s]|_")
_VOWELS = frozenset("aeiouyAEIOUY")


def spell_out(written: str, start: int, kind: str) -> list[Said]:
    """Runs of letters as words or as letters, digits one by one, signs by their names; each with its own span."""
    said = []
    for piece in _PIECES.finditer(written):
        sign, letter = piece.group(), False
        if sign.isdecimal():
            words = numbers.spelled(sign) if sign.isascii() else ""
        elif sign.isalpha():
            words = _SAID.get(sign.lower(), sign)
            letter = sign.lower() in _LETTERS or len(sign) == 1 or not _VOWELS & set(sign)
        else:
            words = SIGNS.get(sign, "")
        if words:
            said.append(Said(words, start + piece.start(), start + piece.end(), kind, letter and words == sign))
    return said


def _url(match: re.Match[str], context: Context) -> Sequence[Said]:
    return spell_out(match.group(), match.start(), "url")


def _email(match: re.Match[str], context: Context) -> Sequence[Said]:
    return spell_out(match.group(), match.start(), "email")


def _path(match: re.Match[str], context: Context) -> Sequence[Said]:
    return spell_out(match.group(), match.start(), "path")


def _handle(match: re.Match[str], context: Context) -> Sequence[Said]:
    return [
        Said("at", match.start(), match.start() + 1, "handle"),
        *_in_words(match["name"], match.start("name"), "handle"),
    ]


def _hashtag(match: re.Match[str], context: Context) -> Sequence[Said]:
    return [
        Said("hashtag", match.start(), match.start() + 1, "hashtag"),
        *_in_words(match["name"], match.start("name"), "hashtag"),
    ]


_CAMEL = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[^\W\d_A-Z]+|[A-Z]|\d+|_")


def _in_words(written: str, start: int, kind: str) -> list[Said]:
    """The words of a name written together: ThrowbackThursday, john_doe, gpt4."""
    said = []
    for piece in _CAMEL.finditer(written):
        part = piece.group()
        letter = part.isupper() and len(part) < 5
        if part.isdecimal():
            part = (
                numbers.cardinal(part)
                if len(part) < 4
                else numbers.year(part)
                if len(part) == 4
                else numbers.spelled(part)
            )
        elif part == "_":
            part = "underscore" if kind == "handle" else ""
        if part:
            said.append(Said(part, start + piece.start(), start + piece.end(), kind, letter))
    return said


_SAFE = (
    "com|org|net|edu|gov|mil|int|info|biz|io|co|uk|us|ca|au|de|fr|jp|cn|ru|es|nl|ch|se|dk|fi|pl|br|eu|tv|ai|app|dev|xyz"
)
_MORE = "gl|ly|cc|club|online|site|tech|store|blog|cloud|news|page|wiki|nz|za|mx|kr|tw|hk|sg|ie|cz|gr|pt|ac|jobs|museum"
_TLD = rf"(?:{_SAFE}|{_MORE}|in|it|is|no|me|to|at|be|so|my|am|fm)"
_ENDED = r"[^\s<>\"]{0,2000}[\w/=&%#~+$-]"
_HOST = r"(?:[A-Za-z0-9-]{1,63}\.){1,6}"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,62})"
_FILES = (
    "pdf|txt|docx?|xlsx?|pptx?|csv|tsv|json|ya?ml|toml|xml|html?|css|jsx?|tsx?|py|rb|rs|go|java|cpp|hpp|sh|sql|db|log|md|ini|"
    "cfg|conf|jpe?g|png|gif|svg|bmp|tiff?|webp|ico|mp3|mp4|wav|flac|ogg|avi|mov|mkv|zip|tar|gz|tgz|rar|exe|dll|iso|apk|bak|tmp"
)
_SEGMENT = r"[\w.+~-]{1,64}"

RULES = [
    rule(rf"(?i:https?|ftps?|sftp|ssh|git|file|wss?)://{_ENDED}|mailto:{_ENDED}", _url, JOINED),
    rule(rf"[A-Za-z0-9][A-Za-z0-9._%+'-]{{0,63}}@{_HOST}[A-Za-z]{{2,24}}(?!\w)", _email, JOINED + DIGIT),
    rule(rf"(?i:www)\.(?:{_LABEL}\.){{1,6}}[A-Za-z]{{2,24}}(?!\w)(?:[:/?\#]{_ENDED})?", _url, JOINED),
    rule(rf"(?:{_LABEL}\.){{1,6}}(?:{_TLD})(?![\w.-]*\w)(?:/{_ENDED}|/)", _url, JOINED + DIGIT),
    rule(rf"(?=\S{{0,64}}[A-Za-z-])(?:{_LABEL}\.){{1,6}}(?:(?i:{_SAFE})|{_MORE})(?![\w@-]|\.\w)", _url, JOINED + DIGIT),
    rule(rf"[A-Za-z]:\\(?:{_SEGMENT}\\){{0,32}}(?:{_SEGMENT}(?<!\.))?", _path, JOINED),
    rule(rf"\.\.?/{_SEGMENT}(?<!\.)(?![\w/])", _path, "."),
    rule(rf"~/(?:{_SEGMENT}(?<!\.))?(?![\w/])", _path, "~"),
    rule(rf"(?:~|\.\.?)?/(?:{_SEGMENT}/){{1,32}}(?:{_SEGMENT}(?<!\.))?", _path, "~./"),
    rule(
        rf"(?:{_SEGMENT}/){{0,16}}[\w-]{{1,64}}(?:\.[\w-]{{1,16}}){{0,3}}\.(?:{_FILES}|{_FILES.upper()})(?!\w|\.\w)",
        _path,
        JOINED + DIGIT,
    ),
    rule(r"@(?P<name>[A-Za-z_]\w{0,63})", _handle, "@"),
    rule(r"\#(?P<name>[A-Za-z_]\w{0,127})", _hashtag, "#"),
]  # fmt: skip
