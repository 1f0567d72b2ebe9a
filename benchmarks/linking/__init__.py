"""How well the stage link tells one child from another, on populations whose truth is known."""
