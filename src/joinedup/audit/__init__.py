"""audit: was each lead followed to its end, and in time.

A pathway is one lead and what was done about it. A standard gives a step and a clock; held against a pathway it is met,
breached, not due within the data, or the record cannot tell. Shares are bounds: what the record cannot tell may be
either. Nothing is averaged over closed cases, and agencies are not ranked.
"""
