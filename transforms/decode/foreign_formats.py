"""Formats that are no plain text, told by their first bytes."""

from typing import Final

from transforms.contracts import ReasonCode

FORMAT_HEAD_BYTES: Final = 4_096
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Streams of such a file, by which it says what wrote it.
_OLD_OFFICE_STREAMS: Final = (
    (
        *("EncryptedPackage", ReasonCode.ENCRYPTED),
        "a document with a password: save it without one",
    ),
    (
        *("__substg1.0_", ReasonCode.UNSUPPORTED_TYPE),
        "Outlook message: save it as .eml",
    ),
    (
        *("WordDocument", ReasonCode.UNSUPPORTED_TYPE),
        "old Word document: save it as .docx",
    ),
)
_MAGIC: Final = (
    (b"%PDF-", "PDF"),
    (b"\x89PNG\r\n\x1a\n", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF87a", "GIF image"),
    (b"GIF89a", "GIF image"),
    (b"PK\x03\x04", "ZIP archive, as Word and Excel files are"),
    (b"PK\x05\x06", "ZIP archive"),
    (_OLD_OFFICE, "old Word or Excel file"),
    (b"{\\rtf", "RTF"),
    (b"\x1f\x8b", "gzip data"),
    (b"\x28\xb5\x2f\xfd", "zstd data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ\x00", "xz data"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip archive"),
    (b"Rar!\x1a\x07", "RAR archive"),
    (b"\x7fELF", "program"),
    (b"MZ\x90\x00", "program"),
    (b"SQLite format 3\x00", "SQLite database"),
    (b"PAR1", "Parquet file"),
    (b"ARROW1", "Arrow file"),
    (b"\x00\x00\x00\x00DUCK", "DuckDB database"),
    (b"OggS", "Ogg sound"),
    (b"ID3", "MP3 sound"),
    (b"RIFF", "sound or video"),
)
_NEXT_STEPS: Final = {
    "image": "recognise its text (OCR) and give that",
    "sound": "write down what is said and give that",
    "database": "export its rows as CSV or JSON Lines",
    "Parquet": "export its rows as CSV or JSON Lines",
    "Arrow": "export its rows as CSV or JSON Lines",
    "archive": "unpack it",
    "data": "unpack it",
    "program": "leave it out with --ignore",
}
_BOM: Final = b"\xef\xbb\xbf"
_HTML: Final = (b"<!doctype html", b"<html", b"<?xml", b"<!doctype svg", b"<svg")
# A text that begins with one of these goes on with a letter or a space.
_ALSO_WORDS: Final = {b"BZh", b"ID3", b"RIFF", b"PAR1", b"OggS", b"ARROW1"}


def name_foreign_format(head: bytes) -> str | None:
    """What a file is, when its first bytes say that it is no plain text.

    Args:
        head: Its first `FORMAT_HEAD_BYTES`, or fewer.

    Example:
        >>> name_foreign_format(b"%PDF-1.7")
        'PDF'
        >>> name_foreign_format(b"PAR1 is a name")
    """
    for magic, name in _MAGIC:
        if head.startswith(magic):
            rest = head[len(magic) : len(magic) + 16]
            if magic in _ALSO_WORDS and _is_plain(rest):
                continue
            return name
    words = head.removeprefix(_BOM).lstrip().lower()
    return "HTML or XML page" if words.startswith(_HTML) else None


def next_step(name: str) -> str:
    """What a file is, and what its owner can do about it.

    Example:
        >>> next_step("PNG image")
        'PNG image: recognise its text (OCR) and give that'
    """
    steps = (step for word, step in _NEXT_STEPS.items() if word in name)
    return f"{name}: {next(steps, 'save its text as a file of its own')}"


def explain_foreign_format(content: bytes, name: str) -> tuple[ReasonCode, str]:
    """Why a file that is no text cannot be read, with the next step where one is known.

    Args:
        content: All of it: what programs of the nineties wrote looks alike at its head.
        name: As `name_foreign_format` gave it.
    """
    for stream, reason, detail in _OLD_OFFICE_STREAMS:
        if content.startswith(_OLD_OFFICE) and stream.encode("utf-16-le") in content:
            return reason, detail
    return ReasonCode.UNSUPPORTED_TYPE, next_step(name)


def _is_plain(rest: bytes) -> bool:
    return rest.isascii() and (rest.decode().isprintable() or b"\n" in rest)
