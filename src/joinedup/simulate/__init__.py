"""simulate: a fictional region's returns in the agencies' own forms, with the truth beside them.

Structural facts only, no real place, person or number. Which children are exploited, who sees them, how they are
written down and what was done are drawn from stated assumptions: the region tests the program, it estimates nothing.
"""

from __future__ import annotations

from joinedup.simulate.make import DEFAULT_CHILDREN, Simulated, simulate

__all__ = ["DEFAULT_CHILDREN", "Simulated", "simulate"]
