"""Fit the splitter's weights from a folder of labelled data, or measure it held out.

The folder holds `train/articles.jsonl.gz` (title, text, source, corpus, id) and
`digests_dev/` (digests, and `gold.jsonl` with their spans). Usage:

    python -m tests.benchmarks.measure_split FOLDER fit            the shipped weights
    python -m tests.benchmarks.measure_split FOLDER held_out       tables only
    python -m tests.benchmarks.measure_split FOLDER leave_one_out  tables only

`held_out` fits on invented layouts and every second composed digest, and measures the
other composed digests, all real ones, and invented layouts of unseen articles.
`leave_one_out` measures each development format and layout with no development digest
fitted at all, and each family of invented layouts with the other families fitted.
"""

import gzip
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from tests.benchmarks.compose_digests import compose
from tests.benchmarks.digest_layouts import FAMILIES
from transforms.contracts import HELD_SPANS
from transforms.evaluate.evaluate import (
    blame_false_articles,
    match_articles,
    score_boundaries,
)
from transforms.split.fit import fit_splitter
from transforms.split.split import split
from transforms.split.trees import Trees, write_models

FITTED_DIGESTS = 2000
LEFT_OUT_FITTED_DIGESTS = 700  # per fit of `leave_one_out`, of which there are seven
HELD_OUT_DIGESTS = 60  # per family
JOINED = 0.15  # of the fitted files hold two digests
FIT_SEED, HELD_OUT_SEED = 1, 99
Frames = tuple[pl.DataFrame, pl.DataFrame]
SHIPPED = Path("transforms/weights/split.npz")
COLUMNS = ("file_name", "text", "layout")


def read_digests(folder: Path) -> Frames:
    """Development digests and their gold, by file name."""
    with (folder / "digests_dev" / "gold.jsonl").open(encoding="utf-8") as lines:
        gold = [json.loads(line) for line in lines]
    layouts = {row["file"]: row.get("format") or "composed" for row in gold}
    texts = []
    for name in sorted(layouts):
        with (folder / "digests_dev" / name).open(encoding="utf-8", newline="") as file:
            texts.append((name, file.read(), layouts[name]))
    documents = pl.DataFrame(texts, schema=COLUMNS, orient="row").with_row_index(
        "document_row"
    )
    keys = ("file", "char_start", "char_end", "title")
    spans = pl.DataFrame(
        [
            {key: row[key] for key in keys}
            | {"layout": row.get("format") or f"composed: {row['layout']}"}
            for row in gold
        ]
    )
    rows = documents.select("document_row", pl.col("file_name").alias("file"))
    return documents, spans.join(rows, on="file", maintain_order="left")


def read_articles(folder: Path, *, held_out: bool) -> list[dict]:
    """Articles that no development digest uses; one in five is never fitted on."""
    with (folder / "digests_dev" / "gold.jsonl").open(encoding="utf-8") as lines:
        used = {json.loads(line).get("id") for line in lines}
    with gzip.open(
        folder / "train" / "articles.jsonl.gz", "rt", encoding="utf-8"
    ) as lines:
        articles = [json.loads(line) for line in lines]
    return [
        article
        for article in articles
        if article["corpus"] != "muc34"
        and article["id"] not in used
        and (int(hashlib.sha256(article["id"].encode()).hexdigest(), 16) % 5 == 0)
        == held_out
    ]


def choose(frames: Frames, names: set[str]) -> Frames:
    """The documents of these names, renumbered, and their gold."""
    documents, gold = frames
    chosen = documents.filter(pl.col("file_name").is_in(names)).drop("document_row")
    chosen = chosen.with_row_index("document_row")
    rows = chosen.select("document_row", pl.col("file_name").alias("file"))
    return chosen, gold.drop("document_row").join(
        rows, on="file", maintain_order="left"
    )


def join(*parts: Frames) -> Frames:
    """One batch of several, renumbered."""
    documents, gold, offset = [], [], 0
    for some, spans in parts:
        moved = (pl.col("document_row") + offset).cast(pl.UInt32)
        documents.append(some.select(moved, *COLUMNS))
        gold.append(spans.select(moved, "char_start", "char_end", "title"))
        offset += len(some)
    return pl.concat(documents), pl.concat(gold)


def measure(frames: Frames, models: dict[str, Trees]) -> pl.DataFrame:
    """Boundary scores per layout or format, and of all."""
    documents, gold = frames
    names = documents.select("document_row", pl.col("file_name").alias("file"))
    articles = split(documents, pl.DataFrame(schema=HELD_SPANS), models).articles
    matched = match_articles(
        articles.join(names, on="document_row").select(
            "file", "char_start", "char_end"
        ),
        gold.select("document_row", "char_start", "char_end", "layout").join(
            names, on="document_row"
        ),
    )
    blamed = blame_false_articles(matched, ["layout"])
    return pl.concat(
        [
            score_boundaries(blamed, by=["layout"]),
            score_boundaries(matched).select(pl.lit("all").alias("layout"), pl.all()),
        ]
    )


def report(title: str, frames: Frames, models: dict[str, Trees]) -> None:
    """Print one table."""
    with pl.Config(tbl_rows=40, fmt_str_lengths=60, float_precision=3):
        sys.stdout.write(f"{title}\n{measure(frames, models)}\n")
    sys.stdout.flush()


def invent(folder: Path, count: int, families: Sequence[str] = FAMILIES) -> Frames:
    """Digests to fit on, of all families by their shares, or of some."""
    articles = read_articles(folder, held_out=False)
    return compose(articles, count, FIT_SEED, families, joined=JOINED)


def invent_unseen(folder: Path, families: Sequence[str], joined: float = 0) -> Frames:
    """Digests of articles that no fitted digest holds."""
    articles = read_articles(folder, held_out=True)
    count = HELD_OUT_DIGESTS * len(families)
    return compose(articles, count, HELD_OUT_SEED, families, joined=joined)


def measure_held_out(folder: Path) -> None:
    """Print what unseen articles, layouts and formats cost."""
    digests = read_digests(folder)
    names = digests[0]["file_name"].to_list()
    composed = [name for name in names if name.startswith("composed")]
    models = fit_splitter(
        *join(invent(folder, FITTED_DIGESTS), choose(digests, set(composed[::2])))
    )
    for title, frames in (
        ("real digests, none fitted", choose(digests, set(names) - set(composed))),
        ("composed digests, the others fitted", choose(digests, set(composed[1::2]))),
        ("invented, articles unseen", invent_unseen(folder, FAMILIES)),
        ("the same, two digests a file", invent_unseen(folder, FAMILIES, joined=1)),
    ):
        report(title, frames, models)


def measure_left_out(folder: Path) -> None:
    """Print what formats and layouts cost that no fitted digest has."""
    models = fit_splitter(*join(invent(folder, LEFT_OUT_FITTED_DIGESTS)))
    report("no development digest fitted", read_digests(folder), models)
    for family in FAMILIES:
        others = [name for name in FAMILIES if name != family]
        models = fit_splitter(*join(invent(folder, LEFT_OUT_FITTED_DIGESTS, others)))
        title = f"all families but {family} fitted"
        report(title, invent_unseen(folder, [family]), models)


def fit_shipped(folder: Path) -> None:
    """Write the weights that ship."""
    invented = invent(folder, FITTED_DIGESTS)
    SHIPPED.write_bytes(
        write_models(fit_splitter(*join(invented, read_digests(folder))))
    )


COMMANDS = {
    "fit": fit_shipped,
    "held_out": measure_held_out,
    "leave_one_out": measure_left_out,
}


def main() -> None:
    """Fit or measure, as asked."""
    folder, command = Path(sys.argv[1]), sys.argv[2]
    COMMANDS[command](folder)


if __name__ == "__main__":
    main()
