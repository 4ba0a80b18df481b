"""Tags in files: read whatever the format, kept within bounds, and written where the format can hold them.

What is stated (`vocolab.tags`) is one thing, whatever a format calls it. A module for each format knows how it is
written: `mp3` (ID3v2.4), `flac` and `ogg_tags` (Vorbis comments), `wave` (LIST INFO, bext, cue points, ID3). Tags that
are broken give what can be read of them, and never stop the work on the audio.
"""

from vocolab.files.tags.parsing import parse_names, parse_tags, usual_tag_names
from vocolab.files.tags.pictures import read_cover
from vocolab.files.tags.reading import read_tags
from vocolab.tags import Broadcast, Chapter, Picture, Tags

__all__ = ["Broadcast", "Chapter", "Picture", "Tags", "parse_names", "parse_tags", "read_cover", "read_tags",
           "usual_tag_names"]
