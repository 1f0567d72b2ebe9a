"""groups: which people belong together, by the things they share, and why.

Two people are tied when they share at least two small things (phones, vehicles, accounts, places, a home, a record that names both); a thing
shared by more people than its cap ties nobody and is listed. Tied people form a core; a person who shares one small
thing with two or more of a core is attached. What only one household shares is that household, not a tie.

Structure alone cannot tell a circle of friends from a group of concern, and being tied to a suspect says nothing of guilt.
"""
