"""The children in need census as its XML message (Department for Education, schema of 2017 to 2024)."""

from __future__ import annotations

import numpy as np

from joinedup.simulate.dates import days
from joinedup.simulate.filing import Filed
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
    births = children.columns["dob"].written("iso").tolist()  # type: ignore[union-attr]
    rows = zip(
        children.refs().tolist(), _list(children, "upn"), _list(children, "upn_unknown"), births,
        _list(children, "sex"), _list(children, "ethnicity"), strict=True,
    )  # fmt: skip
    authority = 980 + 2 * [area.id for area in AREAS].index(agency.areas[0])
    parts = [_HEAD.format(authority=authority)]
    for child, upn, unknown, born, sex, ethnicity in rows:
        parts.append(
            f"    <Child>\n      <ChildIdentifiers>{_element('LAchildID', child)}{_element('UPN', upn)}"
            f"{_element('UPNunknown', unknown)}{_element('PersonBirthDate', born)}{_element('GenderCurrent', sex)}</ChildIdentifiers>\n"
            f"      <ChildCharacteristics>{_element('Ethnicity', ethnicity)}</ChildCharacteristics>\n"
            f"{''.join(inside.get(child, []))}    </Child>\n"
        )
    parts.append(_TAIL)
    return "".join(parts).encode("utf-8")


def _list(filed: Filed, column: str) -> list[str | None]:
    values: list[str | None] = np.asarray(filed.columns[column], dtype=object).tolist()
    return values


def _details(referrals: Filed) -> list[str]:
    """One CINdetails element a referral, its parts in the schema's order."""
    names = ("day", "closed", "assessed_from", "assessed_to", "plan_from", "plan_to", "enquiry", "conference", "protection_from", "protection_to")  # fmt: skip
    columns = [days(np.asarray(referrals.columns[name]), "iso").tolist() for name in names]
    others = [_list(referrals, name) for name in ("source", "need", "nfa", "factors")]
    built: list[str] = []
    for (day, closed, begun, done, plan, plan_end, enquiry, conference, protection, protection_end), (source, need, refused, factors) in zip(  # fmt: skip
        zip(*columns, strict=True), zip(*others, strict=True), strict=True
    ):
        listed = "".join(_element("AssessmentFactors", one) for one in factors.split(";")) if factors else ""
        assessment = "" if begun is None else (
            f"        <Assessments>{_element('AssessmentActualStartDate', begun)}{_element('AssessmentAuthorisationDate', done)}"
            + (f"<FactorsIdentifiedAtAssessment>{listed}</FactorsIdentifiedAtAssessment>" if listed else "")
            + "</Assessments>\n"
        )  # fmt: skip
        plans = "" if plan is None else f"        <CINPlanDates>{_element('CINPlanStartDate', plan)}{_element('CINPlanEndDate', plan_end)}</CINPlanDates>\n"  # fmt: skip
        section47 = "" if enquiry is None else f"        <Section47>{_element('S47ActualStartDate', enquiry)}{_element('DateOfInitialCPC', conference)}<ICPCnotRequired>false</ICPCnotRequired></Section47>\n"  # fmt: skip
        protected = "" if protection is None else (
            f"        <ChildProtectionPlans>{_element('CPPstartDate', protection)}{_element('CPPendDate', protection_end)}"
            "<InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse><LatestCategoryOfAbuse>NEG</LatestCategoryOfAbuse>"
            "<NumberOfPreviousCPP>0</NumberOfPreviousCPP></ChildProtectionPlans>\n"
        )  # fmt: skip
        reason = None if closed is None else "RC7"
        built.append(
            f"      <CINdetails>\n        {_element('CINreferralDate', day)}{_element('ReferralSource', source)}{_element('PrimaryNeedCode', need)}"
            f"{_element('CINclosureDate', closed)}{_element('ReasonForClosure', reason)}{_element('DateOfInitialCPC', conference)}\n"
            f"{assessment}{plans}{section47}        {_element('ReferralNFA', refused)}\n{protected}      </CINdetails>\n"
        )
    return built
