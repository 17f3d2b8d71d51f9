"""A sample digest through all transforms, so that their kernels are compiled, once."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from flows.batch.stages import (
    classify,
    clean,
    decode,
    deduplicate,
    extract_content,
    extract_metadata,
    split,
    star,
)
from transforms.classify.classifier import Classifier, shipped_classifier
from transforms.contracts import REJECTS, InputKind
from transforms.version import transform_version

SAMPLE: Final = """River dam reopens after repairs

The dam on the northern river reopened on Monday after repairs, the ministry said.

Source: River Agency

Two held over robbery

Police detained two men on suspicion of robbing a bank. An investigation is under way.

Source: City Police
"""
_SAMPLE_DATE: Final = date(2026, 1, 1)


def transform_sample(
    classifier: Classifier | None = None, splitter: Path | None = None
) -> None:
    """Take the sample through every stage but reading and writing.

    Args:
        classifier: Another than the one that ships.
        splitter: Other weights than those that ship.
    """
    classifier = classifier or shipped_classifier()
    content = SAMPLE.encode()
    landed = pl.DataFrame(
        {
            "document_id": hashlib.sha256(content).hexdigest(),
            "path": "sample.txt",
            "file_name": "sample.txt",
            "byte_size": len(content),
            "kind": InputKind.DIGEST.value,
            "container_id": None,
            "content": content,
        },
        schema_overrides={"container_id": pl.String},
    )
    work = split(decode(landed, pl.DataFrame(schema=REJECTS)), splitter)
    work = deduplicate(extract_metadata(clean(work), _SAMPLE_DATE))
    work = extract_content(classify(work, classifier))
    star(work, classifier, transform_version())
