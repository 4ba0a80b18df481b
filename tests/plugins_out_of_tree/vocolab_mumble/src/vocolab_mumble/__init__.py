"""An acoustic model as somebody else would publish one, as small as one can be."""
