"""Who they are, as far as the data can say: each attribute of each population with its unknowns and its bounds.

A bare share is never given where more than a twentieth is not known. The ways of not knowing stay apart, and so do
code schemes: an ethnicity in one scheme is not an ethnicity in another.
"""
