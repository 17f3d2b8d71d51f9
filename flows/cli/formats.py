"""`newsmill formats`: what is read, and by which library."""

from typing import Any, Final

import typer

from flows.cli.options import CheckedCommand, JsonOption

_PLAIN: Final = ("plain text", "an article in each line, as JSON")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(cls=CheckedCommand)(formats)


def formats(*, json: JsonOption = False) -> None:
    """List the formats that are read, and the library that reads each."""
    from flows.cli.output import heading, print_json, show_rows

    listed = list_formats()
    if json:
        print_json(listed)
        return
    for title, rows in listed.items():
        heading(title.capitalize())
        show_rows(rows)


def list_formats() -> dict[str, list[dict[str, Any]]]:
    """Rows of `format`, `what`, and `read_by`, for documents and what holds some."""
    from transforms.decode.container_formats import COMPRESSIONS, CONTAINERS
    from transforms.decode.document_text import PLAIN_FORMATS
    from transforms.decode.readers.formats import INPUT_FORMATS
    from transforms.reference import read_version

    plain = zip(PLAIN_FORMATS.values(), _PLAIN, strict=True)
    return {
        "documents": [_row(name, what, "newsmill") for name, what in plain]
        + [_row(known.name, known.media, known.extractor) for known in INPUT_FORMATS],
        "compressed documents": [
            _row(name, what, read_version(library))
            for name, (what, library) in COMPRESSIONS.items()
        ],
        "containers of documents": [
            _row(name, what, read_version(library))
            for name, (what, library) in CONTAINERS.items()
        ],
    }


def _row(name: str, what: str, read_by: str) -> dict[str, Any]:
    return {"format": name, "what": what, "read_by": read_by}
