"""Files as agencies send them: delimited text, workbooks, and the children in need census message."""
