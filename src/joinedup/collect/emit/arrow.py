"""Arrow as this room uses it: the compute functions, and a column of whatever type.

The types that pyarrow 26 declares for its compute functions refuse calls that its documentation shows (a Python value
beside a column, `fill_null` by keyword), so here they and columns are taken as untyped; tests hold what they give.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import pyarrow.compute

pc: Any = pyarrow.compute
Array: TypeAlias = Any
"""One column: a pyarrow Array."""
