"""A sample digest through all transforms, so that the first real one finds them loaded.

Compiled code comes from disk, or is compiled, at its first call; patterns and weights
are read then too. Together that takes longer than a small digest.
"""

import hashlib
from datetime import date
from typing import Final

import polars as pl

from flows.batch.stages import (
    classify,
    clean,
    decode,
    deduplicate,
    extract_metadata,
    split,
    star,
)
from flows.batch.work import Work
from transforms.classify.weights_file import load_classifier
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


def transform_sample() -> Work:
    """Take the sample through every stage but reading and writing."""
    content = SAMPLE.encode()
    landed = pl.DataFrame(
        {
            "document_id": hashlib.sha256(content).hexdigest(),
            "path": "sample.txt",
            "file_name": "sample.txt",
            "byte_size": len(content),
            "kind": InputKind.DIGEST.value,
            "content": content,
        }
    )
    work = split(decode(landed, pl.DataFrame(schema=REJECTS)), InputKind.DIGEST)
    work = deduplicate(extract_metadata(clean(work), _SAMPLE_DATE))
    work = classify(work, load_classifier())
    star(work, load_classifier(), transform_version())
    return work
