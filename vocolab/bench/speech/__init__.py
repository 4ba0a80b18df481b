"""What `vocolab bench speech` measures: texts spoken by installed voices and by others, beside recordings.

    prompts.py      what is spoken
    talkers.py      who speaks: voices, recordings, their copies, other programs and packages
    others.py       the other programs and packages
    words.py        what was heard, word by word
    measuring.py    a row for each of them
    tables.py       rows as Markdown and JSON
"""
