"""Fit the splitter's weights from a folder of labelled data, or measure it held out.

The folder holds `train/articles.jsonl.gz` (title, text, source, corpus, id) and
`digests_dev/` (digests, and `gold.jsonl` with their spans). Usage:

    python -m tests.benchmarks.measure_split FOLDER fit       writes the shipped weights
    python -m tests.benchmarks.measure_split FOLDER held_out  prints tables only

Held out are: every real digest at once, every second composed one, and invented
layouts of articles that no fitted digest uses; then, with all else fitted, one format
at a time.
"""

import gzip
import hashlib
import json
import sys
from pathlib import Path

import polars as pl

from tests.benchmarks.compose_digests import compose
from transforms.contracts import HELD_SPANS
from transforms.evaluate import match_articles, score_boundaries
from transforms.fit_split import fit
from transforms.split import split
from transforms.split_model import WEIGHTS_FILE, Trees, save_models

FITTED_DIGESTS = 800
HELD_OUT_DIGESTS = 100
FIT_SEED, HELD_OUT_SEED = 1, 99
Frames = tuple[pl.DataFrame, pl.DataFrame]
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
    spans = pl.DataFrame([{key: row[key] for key in keys} for row in gold])
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
    """Boundary scores per layout or format."""
    documents, gold = frames
    names = documents.select(
        "document_row", pl.col("file_name").alias("file"), "layout"
    )
    articles = split(documents, pl.DataFrame(schema=HELD_SPANS), models).articles
    matched = match_articles(
        articles.join(names, on="document_row").select(
            "file", "char_start", "char_end"
        ),
        gold.select("document_row", "char_start", "char_end")
        .join(names.drop("layout"), on="document_row")
        .drop("document_row"),
    )
    by_layout = matched.join(names.drop("document_row"), on="file")
    return pl.concat(
        [
            score_boundaries(by_layout, by=["layout"]),
            score_boundaries(matched).select(pl.lit("all").alias("layout"), pl.all()),
        ]
    )


def report(title: str, frames: Frames, models: dict[str, Trees]) -> None:
    """Print one table."""
    sys.stdout.write(f"{title}\n{measure(frames, models)}\n")
    sys.stdout.flush()


def measure_held_out(folder: Path) -> None:
    """Print what unseen articles, layouts and formats cost."""
    digests = read_digests(folder)
    names = digests[0]["file_name"].to_list()
    composed = [name for name in names if name.startswith("composed")]
    real = digests[0].filter(pl.col("layout") != "composed")
    invented = compose(read_articles(folder, held_out=False), FITTED_DIGESTS, FIT_SEED)
    unseen = compose(
        read_articles(folder, held_out=True), HELD_OUT_DIGESTS, HELD_OUT_SEED
    )
    models = fit(*join(invented, choose(digests, set(composed[::2]))))
    for title, frames in (
        (
            "no real digest fitted: real digests",
            choose(digests, set(real["file_name"])),
        ),
        (
            "every second composed fitted: the others",
            choose(digests, set(composed[1::2])),
        ),
        ("invented layouts of unseen articles", unseen),
    ):
        report(title, frames, models)
    for form in real["layout"].unique().sort():
        held = set(real.filter(pl.col("layout") == form)["file_name"])
        models = fit(*join(invented, choose(digests, set(names) - held)))
        report(f"all but {form} fitted", choose(digests, held), models)


def main() -> None:
    """Fit or measure, as asked."""
    folder, command = Path(sys.argv[1]), sys.argv[2]
    if command == "held_out":
        measure_held_out(folder)
    else:
        invented = compose(
            read_articles(folder, held_out=False), FITTED_DIGESTS, FIT_SEED
        )
        save_models(WEIGHTS_FILE, fit(*join(invented, read_digests(folder))))


if __name__ == "__main__":
    main()
