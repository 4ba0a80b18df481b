"""The spellings in which HiFi-GAN generators are published: names of tensors, and dialects of configs.

    names.py             which tensors are the generator's, and what they are called here
    dialect.py           what every dialect gives: an architecture and a mel convention, and what it had to assume
    official.py ...      one dialect each
    shapes.py            an architecture from nothing but the weights
"""
