"""Raw sheets to the tables of a run, by the rules of the registered form.

`prepare` parses one sheet and refuses the rows that cannot be used; `assemble` makes the tables from all the sheets
of one form that stand in an agency's returns. Ids are hashes of what the agency wrote, never of where it stood, so
neither the order of rows nor the way they are split over files changes them.
"""
