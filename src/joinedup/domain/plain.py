"""Text in its plain form, in which what two agencies wrote of one name is compared."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d",
     "ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "\u0131": "i"}
)  # fmt: skip
_APOSTROPHES = re.compile("['`\u00b4\u02bc\u02bb\u02bf\u02be\u2018\u2019\u201b\u2032]")
_TITLES = frozenset("mr mrs ms miss mx master dr rev sir".split())  # noqa: SIM905 - one word list, read as one


def plain(raw: str) -> str:
    """Lower case, no accents, no apostrophes; every other sign that is not a letter or digit is one space.

    Letters of other scripts have no plain form here and stay as they are.

    >>> plain("Zoë  O'Brien-Łącki")
    'zoe obrien lacki'
    """
    text = unicodedata.normalize("NFKD", raw.translate(_LETTERS))
    text = "".join(sign for sign in text if not unicodedata.combining(sign)).casefold()
    text = _APOSTROPHES.sub("", text)
    return " ".join("".join(sign if sign.isalnum() else " " for sign in text).split())


def plain_name(raw: str) -> str:
    """A name in its plain form, without a title in front; a title that stands alone is the name.

    >>> plain_name("Mr Ahmed"), plain_name("Rev")
    ('ahmed', 'rev')
    """
    words = plain(raw).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] in _TITLES else words)
