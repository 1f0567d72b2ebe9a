"""Codes of the tables in the words a reader uses."""

from __future__ import annotations

import datetime

STATUS_WORDS = {
    "known": "known",
    "suspected": "suspected",
    "at_risk": "at risk",
    "not_stated": "status not stated",
    "charged": "charged",
    "alleged": "alleged",
}
STATE_WORDS = {
    "data": "Data",
    "holds_nothing": "Holds nothing",
    "no_answer": "No answer",
    "unreadable": "Unreadable",
}
SEVERITY_WORDS = {
    "refused_file": "File refused",
    "refused_row": "Row refused",
    "lost_value": "Value lost",
    "changed_value": "Value changed",
    "note": "Note",
}
VALUE_WORDS = {"F": "Female", "M": "Male", "not known": "Not known", "conflicting": "Records conflict"}
UNKNOWN_VALUES = ("conflicting", "not known")


def status_words(status: str) -> str:
    """The status in words.

    >>> status_words("at_risk")
    'at risk'
    """
    return STATUS_WORDS.get(status, plain(status))


def value_words(value: str) -> str:
    """A category in words."""
    return VALUE_WORDS.get(value, plain(value))


def plain(code: str) -> str:
    """A code without its underscores.

    >>> plain("repeat_missing")
    'repeat missing'
    """
    return code.replace("_", " ")


def day_words(day: datetime.date | None) -> str:
    """The day as a person writes it.

    >>> day_words(datetime.date(2011, 6, 9))
    '9 June 2011'
    """
    return "not known" if day is None else f"{day.day} {day:%B %Y}"


def day_of_return(day: str) -> str:
    """When a return came, from the day in its id.

    >>> day_of_return("2011-04-13"), day_of_return("undated")
    ('received 13 April 2011', 'day of receipt not known')
    """
    try:
        return f"received {day_words(datetime.date.fromisoformat(day))}"
    except ValueError:
        return "day of receipt not known"


def first_upper(text: str) -> str:
    """The text with its first letter raised.

    >>> first_upper("known")
    'Known'
    """
    return text[:1].upper() + text[1:]


def first_lower(text: str) -> str:
    """The text with its first letter lowered.

    >>> first_lower("Age as stated")
    'age as stated'
    """
    return text[:1].lower() + text[1:]


def listed(words: list[str]) -> str:
    """Words as a sentence lists them.

    >>> listed(["known", "suspected", "at risk"])
    'known, suspected and at risk'
    """
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
