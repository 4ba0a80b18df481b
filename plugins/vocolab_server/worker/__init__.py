"""The processes that do the work: they hold the voices, and speak what the server's scheduler asks for, block by block.

    __main__.py   the loop: a message in, a message out
    desk.py       requests that are being spoken, each where it stopped
    voices.py     voices that are loaded
    kept.py       a voice with a cache of what it has said before
    cache.py      finished sentences on disk
    studio.py     uploads: mels that are rendered, recordings that are mastered
"""
