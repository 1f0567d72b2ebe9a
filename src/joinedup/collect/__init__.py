"""What did each agency send, and what is wrong with it? Files in; mentions, events, identifiers and problems out."""
