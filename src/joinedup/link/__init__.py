"""Which mentions are the same person.

Why: agencies share no identifier, so a child who stands on four lists must be recognised by name, date of birth and home.
The trap is not the typing error but the household: brothers and sisters share a surname, an address and a telephone.

How: deterministic rules join what an agency itself says is one person, and repeats of one record. Splink proposes pairs
by shared keys and scores them by the fixed reference model of registry/link_model.yaml. The home is one comparison, and
its weight does not grow with the inquiry: given a shared home, agreement on the other fields is weighed against brothers
and sisters, not against strangers. Pairs above the threshold are joined and connected components are the people; a
component that holds two different valid NHS or pupil numbers, or two mentions a person has said are different, is taken
apart at its weakest links.

When it misleads: the parameters are judgements, not estimates; children in one large household or home with the same
name, and twins whose forename was recorded wrongly, cannot be told apart; a child whose name and address both changed is
missed. Every pair between the thresholds is kept for a person to review.

Ethnicity, nationality and religion are not read here.
"""
