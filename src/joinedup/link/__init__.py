"""Which mentions are the same person.

Why: agencies share no identifier, so a child who stands on four lists must be recognised by name, date of birth and home.
The trap is not the typing error but the household: brothers and sisters share a surname, an address and a telephone.

How: deterministic rules join what an agency itself says is one person, and repeats of one record. Splink proposes pairs
by shared keys and scores them by the fixed reference model of registry/link_model.yaml. The home is one comparison, and
its weight does not grow with the inquiry: given a shared home, agreement on the other fields is weighed against brothers
and sisters, not against strangers. People are then put together by correlation clustering on the log-odds: the two groups
with the strongest evidence for each other are joined first, evidence against counts, and two groups that hold different
valid NHS or pupil numbers, or mentions that a person has said are different, are never joined.

When it misleads: the parameters are judgements, not estimates; children in one large household or home with the same
name, and twins whose forename was recorded wrongly, cannot be told apart; a child whose name and address both changed is
missed. Every pair between the thresholds is kept for a person to review.

Ethnicity, nationality and religion are not read here.
"""
