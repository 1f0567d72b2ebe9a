"""How many more there are that no list holds: overlaps of lists, and estimates with their assumptions, or a refusal.

A refusal is a result: it says why no estimate is given and what would lift it.
"""
