"""`python -m flows` is the `newsmill` command."""

from flows.cli import main

main()
