"""The children in need census as its XML message (Department for Education, schema of 2017 to 2024)."""

from __future__ import annotations

import numpy as np

from joinedup.simulate.dates import days
from joinedup.simulate.filing import Filed, births
from joinedup.simulate.region import AREAS, Agency

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<Message>
  <Header>
    <CollectionDetails><Collection>CIN</Collection><Year>2011</Year><ReferenceDate>2011-03-31</ReferenceDate></CollectionDetails>
    <Source><SourceLevel>L</SourceLevel><LEA>{authority}</LEA><SoftwareCode>Fictional</SoftwareCode><Release>1</Release><SerialNo>001</SerialNo><DateTime>2011-03-25T12:00:00Z</DateTime></Source>
  </Header>
  <Children>
"""
_TAIL = "  </Children>\n</Message>\n"


def _element(name: str, value: str | None) -> str:
    return "" if value is None else f"<{name}>{value}</{name}>"


def message(children: Filed, referrals: Filed, agency: Agency) -> bytes:
    """One council's census message; both parts hold that council's rows only, referrals in the children's order."""
    details = _details(referrals)
    ids = referrals.refs().tolist()
    inside: dict[str, list[str]] = {}
    for child, detail in zip(ids, details, strict=True):
        inside.setdefault(child, []).append(detail)
    born = births(children.columns["dob"]).written("iso").tolist()
    rows = zip(
        children.refs().tolist(), _list(children, "upn"), _list(children, "upn_unknown"), born,
        _list(children, "sex"), _list(children, "ethnicity"), strict=True,
    )  # fmt: skip
    authority = 980 + 2 * [area.id for area in AREAS].index(agency.areas[0])
    parts = [_HEAD.format(authority=authority)]
    for child, upn, unknown, day, sex, ethnicity in rows:
        parts.append(
            f"    <Child>\n      <ChildIdentifiers>{_element('LAchildID', child)}{_element('UPN', upn)}"
            f"{_element('UPNunknown', unknown)}{_element('PersonBirthDate', day)}{_element('GenderCurrent', sex)}</ChildIdentifiers>\n"
            f"      <ChildCharacteristics>{_element('Ethnicity', ethnicity)}</ChildCharacteristics>\n"
            f"{''.join(inside.get(child, []))}    </Child>\n"
        )
    parts.append(_TAIL)
    return "".join(parts).encode("utf-8")


def _list(filed: Filed, column: str) -> list[str | None]:
    values: list[str | None] = np.asarray(filed.columns[column], dtype=object).tolist()
    return values


_DAYS = (
    "day", "closed", "assessed_from", "assessed_to", "plan_from", "plan_to", "enquiry", "conference", "protection_from",
    "protection_to",
)  # fmt: skip
_TEXTS = ("source", "need", "nfa", "factors", "reason")


def _details(referrals: Filed) -> list[str]:
    """One CINdetails element a referral."""
    columns = [days(np.asarray(referrals.columns[name]), "iso").tolist() for name in _DAYS]
    columns += [_list(referrals, name) for name in _TEXTS]
    names = (*_DAYS, *_TEXTS)
    return [_detail(dict(zip(names, row, strict=True))) for row in zip(*columns, strict=True)]


def _detail(row: dict[str, str | None]) -> str:
    """The element of one referral, its parts in the schema's order."""
    parts = [
        _element("CINreferralDate", row["day"]),
        _element("ReferralSource", row["source"]),
        _element("PrimaryNeedCode", row["need"]),
        _element("CINclosureDate", row["closed"]),
        _element("ReasonForClosure", row["reason"]),
        _element("DateOfInitialCPC", row["conference"]),
    ]
    if row["assessed_from"]:
        factors = [_element("AssessmentFactors", one) for one in (row["factors"] or "").split(";") if one]
        parts += [
            "\n        <Assessments>",
            _element("AssessmentActualStartDate", row["assessed_from"]),
            _element("AssessmentAuthorisationDate", row["assessed_to"]),
            _element("FactorsIdentifiedAtAssessment", "".join(factors) or None),
            "</Assessments>",
        ]
    if row["plan_from"]:
        plan = _element("CINPlanStartDate", row["plan_from"]) + _element("CINPlanEndDate", row["plan_to"])
        parts.append("\n        " + _element("CINPlanDates", plan))
    if row["enquiry"]:
        enquiry = _element("S47ActualStartDate", row["enquiry"]) + _element("DateOfInitialCPC", row["conference"])
        parts.append("\n        " + _element("Section47", enquiry + _element("ICPCnotRequired", "false")))
    parts.append("\n        " + _element("ReferralNFA", row["nfa"]))
    if row["protection_from"]:
        parts += [
            "\n        <ChildProtectionPlans>",
            _element("CPPstartDate", row["protection_from"]),
            _element("CPPendDate", row["protection_to"]),
            _element("InitialCategoryOfAbuse", "NEG"),
            _element("LatestCategoryOfAbuse", "NEG"),
            _element("NumberOfPreviousCPP", "0"),
            "</ChildProtectionPlans>",
        ]
    return f"      <CINdetails>\n        {''.join(parts)}\n      </CINdetails>\n"
