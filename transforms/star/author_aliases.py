"""The other spellings under which bylines print an author."""

from typing import Final

import polars as pl

from transforms.text.compiled_patterns import extract_groups, replace_all

_MAX_GIVEN_NAMES: Final = 5
# `J. Doe`, `J.-P. Doe`, `J M Doe`: initials, then a surname of two letters or more.
_SHORT: Final = r"^((?:\p{Lu}(?:\.[ -]?| ))+)(\p{L}{2}[^.]*)$"
# `Jane Doe`, `Jane M. Doe`: a given name, initials behind it, a surname.
_FULL: Final = r"^(\p{Lu})[^\s.]+ ((?:\p{Lu}\.? )*)(\p{L}{2}[^.]*)$"


def find_author_aliases(credited: pl.DataFrame) -> pl.DataFrame:
    """Other spellings of authors: capitals, the surname first, initials.

    Args:
        credited: One row per printed article and author: `document_key`, `source` and
            `byline` (null for none), `name`.

    Returns:
        Rows (name, alias), unsorted, maybe with doubles. They depend on each document
        alone, not on what else is in the batch.

    Example:
        >>> credited = pl.DataFrame(
        ...     [(1, "Post", "By DOE, JANE", "Jane Doe")],
        ...     schema=["document_key", "source", "byline", "name"],
        ...     orient="row",
        ... )
        >>> find_author_aliases(credited).rows()
        [('Jane Doe', 'DOE, JANE')]
    """
    return pl.concat([_printed_spellings(credited), _initials(credited)])


def _printed_spellings(credited: pl.DataFrame) -> pl.DataFrame:
    """Rows (name, alias) of what stands in the article's own byline."""
    bylines = credited.select("byline", "name").drop_nulls().unique(maintain_order=True)
    texts = bylines.select("name", text=_between_blanks(bylines["byline"]))
    words = texts["name"].str.split(" ")
    capitals = texts.with_columns(
        alias=pl.col("name").str.to_uppercase(), is_turned=pl.lit(value=False)
    )
    turned = pl.concat(
        [
            texts.with_columns(
                given=words.list.head(count).list.join(" "),
                surname=words.list.slice(count).list.join(" "),
            ).filter(pl.col("surname") != "")
            for count in range(1, _MAX_GIVEN_NAMES + 1)
        ]
    )
    surname, given = pl.col("surname"), pl.col("given")
    forms = pl.concat(
        [
            capitals,
            *(
                turned.select(
                    "name",
                    "text",
                    alias=last + ", " + first,
                    is_turned=pl.lit(value=True),
                )
                for last, first in (
                    (surname, given),
                    (surname.str.to_uppercase(), given),
                    (surname.str.to_uppercase(), given.str.to_uppercase()),
                )
            ),
        ]
    ).filter(pl.col("alias") != pl.col("name"))
    text = pl.col("text")
    forms = forms.with_columns(
        _between_blanks(forms["alias"]).alias("form"),
        _between_blanks(forms["name"]).alias("plain"),
    )
    # In `Jane Doe, Jane Roe` nobody's surname stands first.
    is_plain = text.str.to_lowercase().str.contains(
        pl.col("plain").str.to_lowercase(), literal=True
    )
    return forms.filter(
        text.str.contains(pl.col("form"), literal=True)
        & ~(pl.col("is_turned") & is_plain)
    ).select("name", "alias")


def _between_blanks(texts: pl.Series) -> pl.Series:
    """Texts whose words and commas stand between blanks, without other signs."""
    flat = replace_all(texts, r"[^\p{L}\p{M}\p{N},.'’-]+", " ")
    flat = replace_all(replace_all(flat, ",", " , "), r"(\p{L}\p{L})\.", "$1 ")
    return replace_all(" " + flat + " ", r"\s+", " ")


def _initials(credited: pl.DataFrame) -> pl.DataFrame:
    """Rows (name, alias) of authors whom a document also prints with initials.

    It is the same person if both write for one publisher and nobody else in the
    document has this surname and a given name of this letter.
    """
    people = (
        credited.select("document_key", "source", "name")
        .drop_nulls()
        .unique(maintain_order=True)
    )
    short, full = (
        people.hstack(groups.rename(dict(zip(groups.columns, names, strict=True))))
        .drop_nulls("surname")
        .with_columns(
            pl.col("surname").str.to_lowercase(),
            letters=pl.concat_str(names[:-1]).str.replace_all(r"\P{L}", ""),
        )
        .with_columns(letter=pl.col("letters").str.head(1))
        for pattern, names in (
            (_SHORT, ("initials", "surname")),
            (_FULL, ("letter", "middle", "surname")),
        )
        for groups in [extract_groups(people["name"], pattern).struct.unnest()]
    )
    of_one = ("document_key", "letter", pl.col("surname").str.extract(r"(\S+)$"))
    sure = full.filter(pl.col("name").n_unique().over(of_one) == 1)
    pairs = sure.join(
        short.select(
            "document_key", "source", "surname", "letter", "letters", alias="name"
        ),
        on=["document_key", "source", "surname", "letter"],
        maintain_order="left",
    )
    said = pl.col("letters_right")
    return pairs.filter(
        (said == pl.col("letters")) | (said.str.len_chars() == 1)
    ).select("name", "alias")
