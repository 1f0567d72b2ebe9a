"""How many people no list holds, by Bayesian models of the overlaps of three or more lists.

Two models, each with its own assumption; both take a table of counts by capture pattern and nothing else of Joinedup:

- `decomposable`: every way in which some lists may depend on others that leaves an identified number unseen, averaged by
  how well each explains the overlaps (Madigan & York 1997). Assumes that dependence between lists is of that kind.
- `latent_class`: people of several unnamed kinds; within a kind the lists are independent (Manrique-Vallier 2016).
  Assumes that differences between people, not referrals between lists, make the dependence.

Both state their prior and their cap on the number of people, and refuse where the cap, and not the table, decides.
`diagnostics` says whether chains of draws agree (Vehtari and others 2021).
"""
