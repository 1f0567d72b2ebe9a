"""Files to raw sheets: one reader a format, chosen by content in `reading`."""
