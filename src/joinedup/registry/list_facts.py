"""What is known of lists before anybody is counted: forms of one kind of child, and whom referrals come from."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from joinedup.registry.documents import Entry, read_document


class HoldsOnly(Entry):
    """A form that can hold one kind of child alone, and who says so."""

    form: str
    whom: str
    source: str


class ReferredBy(Entry):
    """Codes of a referral's source that stand for one kind of agency."""

    schemes: tuple[str, ...]
    codes: tuple[str, ...]
    kind: str
    source: str


class ListFacts(Entry):
    """Both, as the registry has them."""

    holds_only: tuple[HoldsOnly, ...]
    referred_by: tuple[ReferredBy, ...]

    def whom(self, forms: tuple[str, ...]) -> str | None:
        """The one kind of child a list made from these forms alone can hold; none where it can hold others.

        >>> list_facts().whom(("ssda903",)), list_facts().whom(("ssda903", "cin_census")), list_facts().whom(())
        ('looked-after children', None, None)
        """
        kinds = {next((each.whom for each in self.holds_only if each.form == form), None) for form in forms}
        return kinds.pop() if len(kinds) == 1 else None

    def kind_of_source(self, scheme: str | None, code: str | None) -> str | None:
        """The kind of agency a referral came from, by the code of its source; none where it stands for no one kind.

        >>> list_facts().kind_of_source("referral_source", "6"), list_facts().kind_of_source("referral_source", "9")
        ('police', None)
        """
        return next((each.kind for each in self.referred_by if scheme in each.schemes and code in each.codes), None)


@cache
def list_facts() -> ListFacts:
    """The registry's facts about lists."""
    return read_document(Path(str(files("joinedup.registry"))) / "list_facts.yaml", ListFacts)
