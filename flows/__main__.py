"""The `newsmill` command; `python -m flows` is it too.

Processes that a run starts import the module that was started once more, so there is
nothing here that they would load in vain.
"""

from flows.process_end import hearing_signals


def main() -> None:
    """Run the command line."""
    with hearing_signals():
        from flows.cli.app import main as run_command_line

        run_command_line()


if __name__ == "__main__":
    main()
