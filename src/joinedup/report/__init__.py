"""The report: what was found, what follows from it, and what may be published.

Every number is made by the `Press`, which applies disclosure control and keeps the number's trace id and recipe; the
page is built from what the press has made and from nothing else. Shares are computed from published values, so that a
percentage gives away no more than the counts beside it. Charts are drawn from published values too.
"""
