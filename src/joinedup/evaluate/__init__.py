"""A run held against the truth that a simulated region planted.

Why: a system that links, counts and finds must be measured where the truth is known before it is trusted where it is not.

Each measure is one of the field's: pairwise and B-cubed precision and recall for linking, the adjusted mutual information
and B-cubed F for groups, recall and precision for concerns and breaches, and whether the interval of the estimate covers.

When it misleads: the truth is a simulator's. Error rates, dependence between lists and behaviour of agencies are assumptions
of its author, so a figure here is an upper bound of hope, not a promise about any real region.

Sources: Bagga and Baldwin, Algorithms for Scoring Coreference Chains, 1998 (B-cubed); Vinh, Epps and Bailey, Information
Theoretic Measures for Clusterings Comparison, Journal of Machine Learning Research 11, 2010 (adjusted mutual information).
"""

from joinedup.evaluate.evaluation import Evaluation, evaluate, evaluate_run, true_children
from joinedup.evaluate.measures import interval_coverage

__all__ = ["Evaluation", "evaluate", "evaluate_run", "interval_coverage", "true_children"]
