"""Which mentions are the same person.

Why: agencies share no identifier, so a child who stands on four lists must be recognised by name, date of birth and home.
The trap is not the typing error but the household: brothers and sisters share a surname, an address and a telephone.

How: deterministic rules join what an agency itself says is one person, and repeats of one record. Splink proposes pairs by
shared keys. Each pair is reduced to the level of agreement it reaches on each thing compared (levels.py, names.py). Pairs
that share a home are weighed by a model of their own, in which the other person is a brother or sister; all others by a
model in which it is a stranger, who may be a namesake (together.py). Both start from the reference of
registry/link_model.json and are drawn towards what the pairs at hand show (fitting.py). People are then put together by
correlation clustering on the log-odds: the two groups with the strongest evidence for each other are joined first, evidence
against counts, and two groups that hold different valid NHS or pupil numbers, or mentions that a person has said are
different, are never joined. docs/methods/linking.md has the formulas, the assumptions and what was measured.

When it misleads: things are taken to agree independently within each model, but for names, sex and place among strangers;
children in one large household or home with the same name, and twins whose forename was recorded wrongly, cannot be told
apart; a child whose name and address both changed is missed. Every pair between the thresholds is kept for a person to review.

Ethnicity, nationality and religion are not read here.
"""
