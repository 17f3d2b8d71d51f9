"""The peer: what somebody would write for the same job with the usual tools.

`re` splits and reads, pandas holds, scikit-learn classifies, DuckDB stores:

    python -m tests.benchmarks.plain_way MODEL WAREHOUSE FOLDER

With `--flow` the steps are tasks of a Prefect flow on its temporary server, and Great
Expectations judges the frames before they are stored. It finds fewer facts than
Newsmill, gives no evidence, and has neither history nor quarantine.
"""

import argparse
import hashlib
import os
import pickle
import re
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")

ARTICLE = re.compile(r"\S(?:.|\n(?!\n\n))*")
TRAILER = re.compile(r"\n\n(?:Source: (?P<source>.+)|Copyright \(c\).+|© .+)\s*$")
BYLINE = re.compile(r"^By ([A-Z][\w.' -]{3,60})", re.MULTILINE)
DATELINE = re.compile(
    r"^([A-Z][A-Z /.-]{2,30})(?:, [A-Z][a-z]+ \d{1,2})? \(", re.MULTILINE
)
DATE = re.compile(
    r"\b(January|February|March|April|May|June|July|August|September|October|"
    r"November|December) (\d{1,2}), (\d{4})\b"
)
SPACES = re.compile(r"[ \t\xa0]+")
LABELS = ("crisis", "energy", "crime", "government", "other")


def read(folder):
    return [
        (path.name, path.read_text(encoding="utf-8"))
        for path in sorted(Path(folder).rglob("*.txt"))
    ]


def split(documents):
    rows = []
    for name, text in documents:
        for found in ARTICLE.finditer(text):
            whole = found.group().rstrip()
            title, _, body = whole.partition("\n")
            rows.append((name, found.start(), found.start() + len(whole), title, body))
    return rows


def describe(rows):
    import pandas as pd  # noqa: TID251 - the peer's way

    found = []
    for name, start, end, title, body in rows:
        trailer = TRAILER.search(body)
        byline, dateline = BYLINE.search(body), DATELINE.search(body)
        date = DATE.search(body)
        text = SPACES.sub(" ", body[: trailer.start()] if trailer else body).strip()
        key = hashlib.sha256(re.sub(r"\W+", "", title + text).lower().encode())
        found.append(
            {
                "file_name": name,
                "char_start": start,
                "char_end": end,
                "title": title,
                "body": text,
                "source": trailer["source"] if trailer else None,
                "author": byline[1] if byline else None,
                "place": dateline[1] if dateline else None,
                "published": " ".join(date.groups()) if date else None,
                "article_id": key.hexdigest(),
                "word_count": len(text.split()),
            }
        )
    return pd.DataFrame(found)


def classify(articles, model):
    fitted = pickle.loads(Path(model).read_bytes())
    scores = fitted.predict_proba(articles["title"] + "\n" + articles["body"])
    for column, label in enumerate(fitted.classes_):
        articles[f"score_{LABELS[label]}"] = scores[:, column]
    articles["category"] = [LABELS[fitted.classes_[row]] for row in scores.argmax(1)]
    return articles.drop_duplicates("article_id")


def judge(articles):
    import great_expectations as gx
    from great_expectations import expectations as gxe

    context = gx.get_context(mode="ephemeral")
    source = context.data_sources.add_pandas("frames")
    asset = source.add_dataframe_asset("articles")
    batch = asset.add_batch_definition_whole_dataframe("all")
    suite = gx.ExpectationSuite(
        name="article",
        expectations=[
            *(
                gxe.ExpectColumnValuesToNotBeNull(column=column)
                for column in articles.columns
                if column not in ("source", "author", "place", "published")
            ),
            gxe.ExpectColumnValuesToBeUnique(column="article_id"),
            gxe.ExpectColumnValuesToBeInSet(column="category", value_set=LABELS),
            *(
                gxe.ExpectColumnValuesToBeBetween(
                    column=f"score_{label}", min_value=0, max_value=1
                )
                for label in LABELS
            ),
            gxe.ExpectColumnValuesToBeBetween(column="char_start", min_value=0),
            gxe.ExpectColumnValuesToBeBetween(column="word_count", min_value=1),
        ],
    )
    outcome = batch.get_batch({"dataframe": articles}).validate(suite)
    assert outcome.success, outcome.describe()


def store(articles, documents, warehouse):
    import duckdb
    import pandas as pd  # noqa: TID251 - the peer's way

    texts = pd.DataFrame(documents, columns=["file_name", "text"])
    with duckdb.connect(str(warehouse)) as connection:
        connection.register("articles", articles)
        connection.register("texts", texts)
        connection.execute("CREATE TABLE article AS SELECT * FROM articles")
        connection.execute("CREATE TABLE document AS SELECT * FROM texts")


def run(folder, model, warehouse, *, as_flow):
    steps = {step.__name__: step for step in (read, split, describe, classify, store)}
    if as_flow:
        from prefect import task
        from prefect.cache_policies import NO_CACHE

        steps["judge"] = judge
        steps = {
            name: task(cache_policy=NO_CACHE)(step) for name, step in steps.items()
        }
    documents = steps["read"](folder)
    articles = steps["describe"](steps["split"](documents))
    articles = steps["classify"](articles, model)
    if as_flow:
        steps["judge"](articles)
    steps["store"](articles, documents, warehouse)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("warehouse")
    parser.add_argument("folder")
    parser.add_argument("--flow", action="store_true")
    given = parser.parse_args()
    if given.flow:
        from prefect import flow

        flow(name="plain-way")(run)(
            given.folder, given.model, given.warehouse, as_flow=True
        )
    else:
        run(given.folder, given.model, given.warehouse, as_flow=False)


if __name__ == "__main__":
    main()
