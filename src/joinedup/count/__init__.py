"""How many different children and suspects, by what is known of them, with what the links leave open.

A concern is one involvement that carries a status. A person stands once in each count, under the strongest status any
list gives them; statuses are never added. Every count can be recomputed from the table `memberships` by its recipe.
"""
