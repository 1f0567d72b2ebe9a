"""What a cell means: pure parsers of dates, names, codes and identifiers, and their columnar wrapper `columns.parse_column`."""
