"""Damaged files of every format end as articles or held back, and none takes long."""

import gzip
import json
import random
import time

import polars as pl
import pytest
import zstandard

from tests.gate import sampled
from tests.unit.transforms.decode.readers.test_docx import docx, paragraph
from tests.unit.transforms.decode.readers.test_mail import make
from tests.unit.transforms.decode.readers.test_odt import odt
from tests.unit.transforms.decode.readers.test_pdf import column, pdf
from tests.unit.warehouse.landing.test_containers import tarred, zipped
from tests.unit.warehouse.landing.test_mails import mail
from transforms.decode.decode import decode_documents
from transforms.discover.discover import discover
from warehouse.landing.containers import expand_containers
from warehouse.landing.landing import hash_files, join_arrivals, read_documents
from warehouse.landing.listing import list_entries

MOST_SECONDS = 60
PER_FORMAT = 6
LINES = [
    "River dam reopens after repairs",
    "The dam on the northern river reopened on Monday after repairs.",
    "Source: River Agency",
]
TEXT = "\n\n".join(LINES)
PAGE = f"<html><head><title>{LINES[0]}</title></head><body>" + "".join(
    f"<h1>{LINES[0]}</h1><p>{LINES[1]}</p><table><tr><td>{LINES[2]}</td></tr></table>"
    for _ in range(5)
)
RECORD = {"title": LINES[0], "text": LINES[1], "date": "2024-03-04"}
FEED = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>'
    + f"<item><title>{LINES[0]}</title><description>{LINES[1]}</description></item>" * 3
    + "</channel></rss>"
)
ATTACHED = mail(TEXT, {"a.txt": TEXT.encode(), "b.docx": docx(paragraph(LINES[1]))})
FILES = {
    "a.txt": TEXT.encode(),
    "a.jsonl": json.dumps(RECORD).encode(),
    "a.json": json.dumps([RECORD] * 3).encode(),
    "a.csv": f'title,text\n"{LINES[0]}","{LINES[1]}"\n'.encode() * 3,
    "a.tsv": f"title\ttext\n{LINES[0]}\t{LINES[1]}\n".encode(),
    "a.html": PAGE.encode(),
    "a.xml": FEED.encode(),
    "a.rtf": (r"{\rtf1\ansi{\b " + r"\par ".join(LINES) + "}}").encode(),
    "a.docx": docx("".join(map(paragraph, LINES))),
    "a.odt": odt("".join(f"<text:p>{line}</text:p>" for line in LINES)),
    "a.pdf": pdf(column(LINES), column(LINES)),
    "a.eml": bytes(ATTACHED),
    "b.eml": bytes(make()),
    "a.mbox": b"From a@example.org Mon Mar  4 10:00:00 2024\n" + bytes(ATTACHED),
    "a.zip": zipped({"a.txt": TEXT, "b.zip": zipped({"c.html": PAGE})}),
    "a.tgz": gzip.compress(tarred({"a.txt": TEXT.encode(), "b.eml": bytes(ATTACHED)})),
    "a.tar.zst": zstandard.compress(tarred({"a.txt": TEXT.encode() * 99})),
    "a.tar": tarred({"a.txt": TEXT.encode(), "b.csv": b"title,text\na,b\n"}),
    "a.txt.gz": gzip.compress(TEXT.encode()),
}


def mutated(content, dice):
    """The content cut, spliced, repeated, or with some bytes changed."""
    content = bytearray(content)
    at, other = sorted(dice.randrange(len(content)) for _ in range(2))
    match dice.randrange(6):
        case 0:
            del content[at:]
        case 1:
            del content[at:other]
        case 2:
            content[at:at] = content[at:other] * dice.randint(1, 9)
        case 3:
            content[at:other] = bytes(other - at)
        case 4:
            content[at:at] = dice.randbytes(dice.randint(1, 40))
        case _:
            for _ in range(dice.randint(1, 12)):
                content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
    return bytes(content)


@pytest.mark.parametrize("seed", sampled(range(18)))
def test_every_mutated_file_is_read_or_held_back_in_time(tmp_path, seed):
    dice = random.Random(seed)
    folder = tmp_path / "in"
    folder.mkdir()
    for name, content in FILES.items():
        for number in range(PER_FORMAT):
            changed = mutated(content, dice) or b"x"
            (folder / f"{number}{name}").write_bytes(changed)

    found = discover(list_entries([folder]))
    hashed = hash_files(found.files)
    expanded = expand_containers(hashed.arrivals, tmp_path / "members")
    documents = join_arrivals(pl.concat([hashed.arrivals, expanded.members]))
    outcomes = {
        *expanded.containers["document_id"],
        *expanded.rejects["document_id"].drop_nulls(),
    }
    for row in documents.join(
        pl.DataFrame({"document_id": list(outcomes)}), on="document_id", how="anti"
    ).iter_slices(1):
        start = time.perf_counter()
        landed = read_documents(row)
        decoded = decode_documents(landed.documents)
        took = time.perf_counter() - start
        told = len(landed.rejects) + len(decoded.rejects) + len(decoded.documents)
        assert (told, took < MOST_SECONDS) == (1, True), row["path"]
        assert decoded.rejects["reason_code"].null_count() == 0
    assert len(hashed.arrivals) + len(found.rejects) == len(FILES) * PER_FORMAT
