"""One module per table: what must be true of its new rows."""
