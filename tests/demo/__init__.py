"""Invented news, so that there is something to look at: `make demo`."""
