"""A model that is given beforehand, written as models are printed: `[police*care] [school]`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from joinedup.errors import UsageError
from joinedup.estimate.loglinear.lattice import Model, closed

METHOD = "fixed"
Term = frozenset[str]


def terms_of(text: str) -> tuple[Term, ...]:
    """The terms of a model as it is written. Raises UsageError for what is no model.

    >>> [sorted(term) for term in terms_of("[police*care] [school]")]
    [['care', 'police'], ['school']]
    """
    found = re.findall(r"\[([^\[\]]+)\]", text)
    terms = tuple(frozenset(name.strip() for name in each.split("*")) for each in found)
    if not terms or re.sub(r"\[[^\[\]]+\]", "", text).strip() or any("" in term for term in terms):
        raise UsageError(
            f"{text!r} is no model.",
            remedy="Lists that depend on one another in brackets, joined by stars: '[a*b] [c]'.",
        )
    return terms


def written(terms: Sequence[Term]) -> str:
    """The model as it is written, lists in order.

    >>> written([frozenset({"police", "care"})])
    '[care*police]'
    """
    return " ".join(f"[{'*'.join(sorted(term))}]" for term in terms)


def model_of(text: str, lists: Sequence[str]) -> Model:
    """The model over these lists, those it does not name independent. Raises UsageError for another list, or all lists in one term.

    >>> model_of("[b*c]", ("a", "b", "c"))
    (0, 1, 2, 4, 6)
    """
    terms = terms_of(text)
    unknown = sorted({name for term in terms for name in term} - set(lists))
    if unknown:
        raise UsageError(
            f"The model names lists that nobody is on: {', '.join(unknown)}.", remedy=f"Lists: {', '.join(lists)}."
        )
    if any(len(term) == len(lists) for term in terms):
        raise UsageError(
            "The model ties all lists together, of which no list can say how strongly.", remedy="Leave that term out."
        )
    return closed([sum(1 << lists.index(name) for name in term) for term in terms], len(lists))


def changed(text: str, lists: Sequence[str], renamed: Mapping[str, str]) -> str:
    """The model over fewer lists: each list by its new name, lists that have none left out, a term that comes to tie all lists left out.

    >>> changed("[a*b] [c*d]", ("a", "b", "c"), {})
    '[a*b] [c]'
    >>> changed("[a*b] [c*d]", ("a or c", "b", "d"), {"a": "a or c", "c": "a or c"})
    '[a or c*b] [a or c*d]'
    """
    kept = [frozenset(renamed.get(name, name) for name in term) & set(lists) for term in terms_of(text)]
    inside = [term for term in dict.fromkeys(kept) if term and len(term) < len(lists)]
    return written(inside or [frozenset({lists[0]})])
