"""Hierarchical Poisson log-linear models of an overlap table: which there are, how they fit, whether the fit exists.

A model is a set of terms closed downwards; a term is a set of lists; both are bit patterns over the lists. The mean of a
cell is the exponential of the sum of the terms it contains, so every sum over cells is a sum over supersets, and no design
matrix is needed. Source: S. E. Fienberg, Biometrika 59 (1972), 591-603; Y. M. M. Bishop, S. E. Fienberg and P. W. Holland,
Discrete Multivariate Analysis (1975), chapter 6.
"""
