"""find: which children look at risk by their joined records, and who is looking.

Rules with reasons for a person to read, never a score. A rule that cannot be evaluated says so; a concern carries its
evidence, what was not recorded and what would clear it. No rule here has a published sensitivity or specificity: the
list is where to look first, not who is exploited, and a child it does not name is not thereby safe.
"""
