"""What stands beside a group wherever one is shown."""

from __future__ import annotations

CAUTIONS: tuple[str, ...] = (
    "Structure alone cannot tell a circle of friends from a group of concern: read the records behind each tie.",
    "Being tied to a suspect says nothing of guilt, and being tied to a child says nothing of blame.",
    "Children who live in one home, or are placed there, share its telephone, its address and its neighbours.",
    "No member is ranked: the UK cases studied found no hierarchy, and being recorded often is not leading.",
)
"""Warnings in words. The third is the children's-home effect; for the fourth see Cockbain, Brayley and Laycock (2011)."""
