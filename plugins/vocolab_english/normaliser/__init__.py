"""Written English to spoken words: `normalise`.

`tidy` makes Unicode plain, `scan` walks over the text, and one module a class of tokens reads what it finds: `dates`,
`money`, `telephones` ... `numbers` has the words for numbers, `rule` what a class is made of.
"""

from vocolab_english.normaliser.sentence import normalise

__all__ = ["normalise"]
