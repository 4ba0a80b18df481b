"""Judges of speech that live in an environment of their own, since their packages ask for other versions than vocolab.

    environment.py    where that environment is, and how it is built: `make judges`
    requirements.txt  what is in it, every package at one version
    worker.py         what runs in it, a JSON line a question
    client.py         asks it

None of them is needed to use vocolab, and no score is called an opinion that no person gave.
"""
