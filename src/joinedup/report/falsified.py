"""What would have to be different for a finding to be wrong: every finding says it, so that a reader knows what to check."""

from __future__ import annotations

from dataclasses import replace

from joinedup.report.blocks import Chapter, Finding

BY_MATTER = {
    "asked": "an agency was asked that inquiry.toml does not name, or an answer came that is not filed under returns/.",
    "no_answer": "a return has come since, or an agency has said in writing that it holds nothing.",
    "counted": "an agency means something else by the status, or records were joined wrongly.",
    "bounded": "an agency means something else by the status, or records of one suspect were joined wrongly beyond the ends given.",
    "review": "records joined here are of two children, or records of one child were not joined, beyond the ends given.",
    "no_status": "a return does say what is known of a child and was read as if it did not.",
    "one_list": "another agency holds the child under other details, so that its record was not joined.",
    "estimate": (
        "being on one list makes being on another more or less likely in a way the model does not hold, children came or "
        "went within the period, some children could never be on any list, or records were joined wrongly."
    ),
    "refused": "lists that were not sent, or were not joined, overlap enough for an estimate.",
    "concerns": "dates or outcomes of the events behind the concerns are recorded wrongly, or events were not sent.",
    "unseen": "an agency has an assessment, plan or enquiry open that its return does not hold, or under details that were not joined.",
    "breached": "the step was taken in time and recorded elsewhere, or the clock began at another moment than the one recorded.",
    "against": "what was done stands in a record that was not sent, or the date or outcome recorded is not the true one.",
    "silent": "the record does say when the step was taken and was read as if it did not.",
    "no_pathways": "a return holds leads and steps with their dates and was read as if it did not.",
    "refused_rows": "rows were refused that hold what the form asks for, in a way that was not understood.",
    "unknown": "the agencies record the attribute in a place that the return does not hold.",
    "claim": "what is not recorded were recorded: it would have to fall all one way for the claim to be told.",
}
"""By what the finding matters for."""

_BY_CHAPTER = {
    "answered": "an answer was filed under another agency or day.",
    "scale": "records were joined wrongly beyond the ends given, or agencies mean different things by the same status.",
    "patterns": "what is not recorded differs from what is, or records were joined wrongly.",
    "processes": "the dates in the records are not those on which the steps were taken.",
    "quality": "rows were read otherwise than the agency meant them.",
}


def wrong_if(finding: Finding) -> str:
    """What would have to be different for the finding to be wrong, as the end of a sentence; never empty."""
    if finding.wrong_if:
        return finding.wrong_if
    return BY_MATTER.get(finding.matters) or _BY_CHAPTER.get(
        finding.chapter, "the records behind it are wrong or were joined wrongly."
    )


def with_doubt(chapter: Chapter) -> Chapter:
    """The chapter, each finding with what would make it wrong."""
    return replace(chapter, findings=tuple(replace(each, wrong_if=wrong_if(each)) for each in chapter.findings))
