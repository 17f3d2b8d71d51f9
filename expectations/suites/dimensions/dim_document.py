"""What must be true of each new document."""

from great_expectations import ExpectationSuite

from expectations.rules.thresholds import Thresholds
from expectations.rules.vocabulary import (
    between,
    block,
    contain,
    equal,
    present,
    suite,
    true,
    unique,
    warn,
)


def build(limits: Thresholds) -> ExpectationSuite:
    """Fresh expectations over the screen `dim_document`."""
    return suite(
        "dim_document",
        present(
            "document_key",
            block(
                "key_present",
                "Every document has a key",
                "Look at key_from_sha256 in transforms/keys.py.",
            ),
        ),
        unique(
            ["document_key"],
            block(
                "key_unique",
                "One row per document",
                "The same bytes were staged twice; look at the landing of files.",
            ),
        ),
        true(
            "is_document_id_sha256",
            contain(
                "id_is_sha256",
                "The document's identity is 64 hex digits",
                "Look at hash_files in warehouse/landing/landing.py.",
                held_by="document_key",
            ),
        ),
        true(
            "is_key_of_document_id",
            contain(
                "key_from_id",
                "The key is the first 63 bits of the identity",
                "Look at key_from_sha256 in transforms/keys.py.",
                held_by="document_key",
            ),
        ),
        present(
            "file_name",
            contain(
                "file_name_present",
                "Every document has the name of the file it came in",
                "Look at transforms/discover/discover.py.",
                held_by="document_key",
            ),
        ),
        true(
            "is_format_given",
            contain(
                "format_given",
                "Every document says in which format it is",
                "Look at decode_document in transforms/decode/document_text.py.",
                held_by="document_key",
            ),
        ),
        true(
            "is_container_another",
            contain(
                "container_is_another",
                "What a document lies in is another file, named by its SHA-256",
                "Look at warehouse/landing/containers.py.",
                held_by="document_key",
            ),
        ),
        true(
            "is_char_count_right",
            contain(
                "char_count_right",
                "char_count counts the characters of the text",
                "Bytes or UTF-16 units were counted; look at transforms/decode/.",
                held_by="document_key",
            ),
        ),
        true(
            "is_every_character_accounted",
            contain(
                "characters_add_up",
                "Articles, separators, and what was held back make up the document",
                "Compare the document's spans with its text: `newsmill explain`.",
                held_by="document_key",
            ),
        ),
        between(
            "articles",
            warn(
                "has_articles",
                "A document holds at least one article",
                "A new layout or a file of footers: `newsmill quarantine`.",
                "info",
            ),
            low=1,
        ),
        equal(
            "announced_count",
            "articles",
            warn(
                "announced_count_found",
                "As many articles are found as the file says it holds",
                "Cut off, or articles missed: compare `SELECT * FROM "
                "document_coverage` with `newsmill quarantine`.",
            ),
        ),
        true(
            "is_article_count_usual",
            warn(
                "article_count_usual",
                "The number of articles is within the band of the source",
                f"At most {limits.band_factor:g} times fewer or more than ever: cut "
                "off, or a new layout that splits too often?",
            ),
        ),
    )
