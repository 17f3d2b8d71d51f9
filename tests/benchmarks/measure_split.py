"""Fit the splitter's weights from a folder of labelled data, or measure it held out.

The folder holds `train/articles.jsonl.gz` (title, text, source, corpus, id) and folders
of digests, `digests_dev*/` (files, and `gold.jsonl` with their spans). Usage:

    python -m tests.benchmarks.measure_split FOLDER fit            the shipped weights
    python -m tests.benchmarks.measure_split FOLDER held_out       tables only
    python -m tests.benchmarks.measure_split FOLDER leave_one_out  tables only
    python -m tests.benchmarks.measure_split FOLDER families       tables only
    python -m tests.benchmarks.measure_split FOLDER weak           tables only

`held_out` fits on invented layouts and every second composed digest, and measures the
other composed digests, all real ones, and invented layouts of unseen articles.
`leave_one_out` measures each development format and layout with no development digest
fitted at all. Families of invented layouts fall into three parts, and each part is
measured with the other two fitted; `families` does so with real families, all invented
ones fitted. `weak` measures the shipped weights on unseen articles under single hard
conditions.
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
from tests.benchmarks.weak_digests import compose_weak, only_titles
from transforms.contracts import HELD_SPANS
from transforms.evaluate.evaluate import (
    blame_false_articles,
    match_articles,
    score_boundaries,
)
from transforms.split.fit import fit_splitter
from transforms.split.split import split
from transforms.split.trees import (
    MODEL_NAMES,
    Trees,
    average_trees,
    shipped_models,
    write_models,
)

FITTED_DIGESTS = 2500
LEFT_OUT_FITTED_DIGESTS = 800  # per fit of `leave_one_out` and `families`
PARTS = 3  # of families, each left out of one fit
HELD_OUT_DIGESTS = 60  # per family
JOINED = 0.15  # of the fitted files hold two digests
REAL_WEIGHT = 2.5  # of a line of a development digest, of which there are few
FIT_SEEDS, HELD_OUT_SEED = (1, 2), 99
Frames = tuple[pl.DataFrame, pl.DataFrame]
SHIPPED = Path("transforms/weights/split.npz")
COLUMNS = ("file_name", "text", "layout")


def read_digests(folder: Path) -> Frames:
    """Development digests of all folders and their gold, by folder and file name."""
    texts, gold = [], []
    for place in sorted(folder.glob("digests_dev*")):
        with (place / "gold.jsonl").open(encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        layouts = {row["file"]: row.get("format") or "composed" for row in rows}
        for name in sorted(layouts):
            with (place / name).open(encoding="utf-8", newline="") as file:
                texts.append((name, file.read(), layouts[name]))
        keys = ("file", "char_start", "char_end", "title")
        gold += [
            {key: row[key] for key in keys}
            | {"layout": row.get("format") or f"composed: {row['layout']}"}
            for row in rows
        ]
    documents = pl.DataFrame(texts, schema=COLUMNS, orient="row").with_row_index(
        "document_row"
    )
    spans = pl.DataFrame(gold, infer_schema_length=None)
    rows = documents.select("document_row", pl.col("file_name").alias("file"))
    return documents, spans.join(rows, on="file", maintain_order="left")


def read_articles(folder: Path, *, held_out: bool) -> list[dict]:
    """Articles that no development digest uses; one in five is never fitted on."""
    used = set()
    for gold in folder.glob("digests_dev*/gold.jsonl"):
        with gold.open(encoding="utf-8") as lines:
            used |= {json.loads(line).get("id") for line in lines}
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


def measure_coverage(predicted: pl.DataFrame, gold: pl.DataFrame) -> pl.DataFrame:
    """Share of the gold articles' characters that the found article for each holds.

    A found article counts for the one gold article of which it holds most, as measures
    of article separation in newspapers have it.

    Args:
        predicted: Spans: file, char_start, char_end.
        gold: Spans, and the layout of each.

    Returns:
        One row per layout: layout, coverage.
    """
    numbered = gold.with_row_index("gold")
    shared = (
        predicted.with_row_index("found")
        .join(numbered, on="file", suffix="_gold")
        .with_columns(
            shared=pl.min_horizontal("char_end", "char_end_gold")
            - pl.max_horizontal("char_start", "char_start_gold")
        )
        .filter(pl.col("shared") > 0)
        .sort("shared", descending=True)
        .unique("found", keep="first", maintain_order=True)
        .group_by("gold")
        .agg(pl.col("shared").max())
    )
    length = pl.col("char_end") - pl.col("char_start")
    return (
        numbered.join(shared, on="gold", how="left")
        .group_by("layout")
        .agg(coverage=pl.col("shared").sum() / length.sum())
    )


def measure(frames: Frames, models: dict[str, Trees]) -> pl.DataFrame:
    """Boundary scores per layout or format, and of all.

    Returns:
        As `score_boundaries`, with `article_error_rate` (missed and false articles per
        gold article) and `coverage`.
    """
    documents, gold = frames
    names = documents.select("document_row", pl.col("file_name").alias("file"))
    articles = split(documents, pl.DataFrame(schema=HELD_SPANS), models).articles
    found = articles.join(names, on="document_row").select(
        "file", "char_start", "char_end"
    )
    spans = gold.select("document_row", "char_start", "char_end", "layout").join(
        names, on="document_row"
    )
    matched = match_articles(found, spans)
    scores = pl.concat(
        [
            score_boundaries(blame_false_articles(matched, ["layout"]), by=["layout"]),
            score_boundaries(matched).select(pl.lit("all").alias("layout"), pl.all()),
        ]
    )
    everything = spans.with_columns(layout=pl.lit("all"))
    coverage = pl.concat(
        [measure_coverage(found, spans), measure_coverage(found, everything)]
    )
    hits = pl.col("start_recall") * pl.col("gold_count")
    wrong = pl.col("gold_count") + pl.col("predicted_count") - 2 * hits
    return scores.with_columns(article_error_rate=wrong / pl.col("gold_count")).join(
        coverage, on="layout", how="left", maintain_order="left"
    )


def report(title: str, frames: Frames, models: dict[str, Trees]) -> None:
    """Print one table."""
    with pl.Config(
        tbl_rows=60,
        tbl_cols=-1,
        tbl_width_chars=160,
        fmt_str_lengths=60,
        float_precision=3,
    ):
        sys.stdout.write(f"{title}\n{measure(frames, models)}\n")
    sys.stdout.flush()


def invent(folder: Path, count: int, families: Sequence[str] = FAMILIES) -> Frames:
    """Digests to fit on, of all families by their shares, or of some."""
    articles = read_articles(folder, held_out=False)
    return compose(articles, count, FIT_SEEDS[0], families, joined=JOINED)


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
    for part in range(PARTS):
        left_out = FAMILIES[part::PARTS]
        others = [name for name in FAMILIES if name not in left_out]
        models = fit_splitter(*join(invent(folder, LEFT_OUT_FITTED_DIGESTS, others)))
        title = f"invented {', '.join(left_out)} left out"
        report(title, invent_unseen(folder, left_out), models)


def measure_families(folder: Path) -> None:
    """Print what each real family costs while no digest of it is fitted."""
    digests = read_digests(folder)
    invented = invent(folder, LEFT_OUT_FITTED_DIGESTS)
    real = digests[0].filter(pl.col("layout") != "composed")
    families = real["layout"].unique().sort().to_list()
    names = digests[0]["file_name"].to_list()
    for part in range(PARTS):
        left_out = families[part::PARTS]
        measured = set(real.filter(pl.col("layout").is_in(left_out))["file_name"])
        fitted = choose(digests, set(names) - measured)
        models = fit_splitter(*join(invented, fitted))
        report(f"{', '.join(left_out)} left out", choose(digests, measured), models)


def measure_weak(folder: Path) -> None:
    """Print what single hard conditions cost the shipped weights."""
    articles = read_articles(folder, held_out=True)
    for name, frames in compose_weak(articles, HELD_OUT_DIGESTS, HELD_OUT_SEED).items():
        report(name, frames, shipped_models())
    documents = only_titles(articles, HELD_OUT_DIGESTS, HELD_OUT_SEED)
    found = split(documents, pl.DataFrame(schema=HELD_SPANS)).articles
    sys.stdout.write(f"only titles: {len(found)} articles in {len(documents)} files\n")


def fit_shipped(folder: Path) -> None:
    """Write the weights that ship: the mean of two fits on other invented digests.

    The first look at a line is that of the first fit.
    """
    articles, digests = read_articles(folder, held_out=False), read_digests(folder)
    fits = []
    for seed in FIT_SEEDS:
        invented = compose(articles, FITTED_DIGESTS, seed, joined=JOINED)
        documents, gold = join(invented, digests)
        is_invented = pl.col("layout").is_in([*FAMILIES, "joined"])
        weight = pl.when(is_invented).then(1.0).otherwise(REAL_WEIGHT).alias("weight")
        fits.append(fit_splitter(documents.with_columns(weight), gold))
    models = {
        name: fits[0][name]
        if name.endswith("_local")
        else average_trees([models[name] for models in fits])
        for name in MODEL_NAMES
    }
    SHIPPED.write_bytes(write_models(models))


COMMANDS = {
    "fit": fit_shipped,
    "held_out": measure_held_out,
    "leave_one_out": measure_left_out,
    "families": measure_families,
    "weak": measure_weak,
}


def main() -> None:
    """Fit or measure, as asked."""
    folder, command = Path(sys.argv[1]), sys.argv[2]
    COMMANDS[command](folder)


if __name__ == "__main__":
    main()
