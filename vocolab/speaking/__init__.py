"""A text to speech that is heard or kept: a voice ready to speak, sentence after sentence, with the silences between.

    choice.py        which voice speaks, and which vocoder renders what it gives
    voices.py        a voice ready to speak: a sentence in, audio with the times of its words out, whole or as it comes
    opening.py       opens them
    silences.py      what is between two sentences, and what a sentence's own edges have of it already
    cutting.py       sentences cut where a voice would not go on by itself
    talking.py       sentences in, utterances out; who speaks which
    speech.py        a whole text, spoken, in memory
    unfinished.py    a whole text, spoken, on disk, so that it can go on after it was interrupted
    timestamps.py    the times of words and phonemes as files
    subtitles.py     the same as lines to read
    playing.py       to a loudspeaker
"""
