"""What formats call the usual names of tags."""

from __future__ import annotations

ID3_FRAMES = {
    "title": "TIT2", "subtitle": "TIT3", "artist": "TPE1", "album": "TALB", "album_artist": "TPE2",
    "track": "TRCK",
    "disc": "TPOS", "date": "TDRC", "original_date": "TDOR", "genre": "TCON", "composer": "TCOM", "lyricist": "TEXT",
    "conductor": "TPE3", "remixer": "TPE4", "publisher": "TPUB", "copyright": "TCOP", "language": "TLAN",
    "isrc": "TSRC",
    "grouping": "TIT1", "mood": "TMOO", "bpm": "TBPM", "key": "TKEY", "encoded_by": "TENC", "compilation": "TCMP",
    "media": "TMED", "title_sort": "TSOT", "artist_sort": "TSOP", "album_sort": "TSOA", "album_artist_sort": "TSO2",
}  # fmt: skip
"""Text frames of ID3v2.4; comment, lyrics and website have frames of their own, everything else is a TXXX."""

ID3_OLD_FRAMES = {"TYER": "date", "TORY": "original_date"}
"""Of ID3v2.3, which 2.4 has no more."""

ID3_SHORT_FRAMES = {
    "TT1": "TIT1", "TT2": "TIT2", "TT3": "TIT3", "TP1": "TPE1", "TP2": "TPE2", "TP3": "TPE3", "TP4": "TPE4",
    "TAL": "TALB", "TRK": "TRCK", "TPA": "TPOS", "TYE": "TYER", "TDA": "TDAT", "TIM": "TIME", "TOR": "TORY",
    "TCO": "TCON", "TCM": "TCOM", "TXT": "TEXT", "TPB": "TPUB", "TCR": "TCOP", "TLA": "TLAN", "TRC": "TSRC",
    "TBP": "TBPM", "TKE": "TKEY", "TEN": "TENC", "TCP": "TCMP", "TMT": "TMED", "TST": "TSOT", "TSP": "TSOP",
    "TSA": "TSOA", "TS2": "TSO2", "TSS": "TSSE", "TXX": "TXXX", "COM": "COMM", "ULT": "USLT", "PIC": "APIC",
    "WXX": "WXXX", "UFI": "UFID", "GEO": "GEOB", "POP": "POPM", "MCI": "MCDI",
}  # fmt: skip
"""Of ID3v2.2."""

VORBIS_FIELDS = {
    "album_artist": "ALBUMARTIST", "track": "TRACKNUMBER", "disc": "DISCNUMBER", "original_date": "ORIGINALDATE",
    "catalog_number": "CATALOGNUMBER", "encoded_by": "ENCODED-BY", "title_sort": "TITLESORT",
    "artist_sort": "ARTISTSORT", "album_sort": "ALBUMSORT", "album_artist_sort": "ALBUMARTISTSORT",
}  # fmt: skip
"""Where a Vorbis comment's name is another than the usual one in capitals."""

VORBIS_TOTALS = {"track": ("TRACKTOTAL", "TOTALTRACKS"), "disc": ("DISCTOTAL", "TOTALDISCS")}
"""Fields that count, beside those that number; the first is written."""

INFO_CHUNKS = {
    "title": "INAM", "artist": "IART", "album": "IPRD", "track": "ITRK", "date": "ICRD", "genre": "IGNR",
    "comment": "ICMT", "copyright": "ICOP", "language": "ILNG", "description": "ISBJ", "encoded_by": "ITCH",
    "media": "IMED",
}  # fmt: skip
"""Chunks of RIFF's LIST INFO, written in UTF-8 as programs of today do."""

INFO_OLD_CHUNKS = {"IPRT": "track", "TITL": "title", "ISFT": "encoder", "IENG": "engineer", "IKEY": "keywords",
                   "ISRC": "source", "IARL": "archival_location", "ICMS": "commissioned"}  # fmt: skip
"""Others that are read."""

BROADCAST_FIELDS = {
    "originator": "originator", "originator_reference": "originator_reference", "date": "origination_date",
    "time": "origination_time", "coding_history": "coding_history",
}  # fmt: skip
"""What a broadcast WAV says, as ffmpeg names it among the texts of other formats."""

TIME_REFERENCE = "time_reference"
"""ffmpeg's name for the time of the first sample, in samples since midnight."""
UMID = "umid"

_OF_THE_LEVEL = ("replaygain_", "r128_", "mp3gain_", "itunnorm")
_OF_THE_ENCODER = {
    "encoder", "encoder settings", "encodersettings", "encoder_options", "encoding", "software", "tool", "tsse", "tlen",
    "major_brand", "minor_version", "compatible_brands", "creation_time", "itunsmpb", "handler_name", "vendor_id",
    "waveformatextensible_channel_mask",
}  # fmt: skip


def is_of_the_level(name: str) -> bool:
    """Whether a tag says how loud the audio is, which holds for that audio only."""
    return name.casefold().removeprefix("comment:").startswith(_OF_THE_LEVEL)


def is_of_the_encoder(name: str) -> bool:
    """Whether a tag says how a file was coded, which says nothing of another one."""
    return name.casefold() in _OF_THE_ENCODER
