"""The classifier against a scikit-learn pipeline: held-out accuracy and speed.

Both are fitted and judged on the same articles in the same run:

    python tests/benchmarks/bench_classify.py ARTICLES.jsonl.gz [--speed-only]

ARTICLES holds `title`, `text`, `label`, `corpus`, and optionally `source`. Accuracy is
by leaving one corpus out (a corpus of many sources also as groups of whole sources),
speed by interleaved pairs of end-to-end runs over all articles, medians told.
"""

import argparse
import gzip
import os
import statistics
import sys
import time
from pathlib import Path

# The peer's linear algebra gets one core, as its fit does.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import polars as pl

from transforms.classify.classify import classify
from transforms.classify.fit.calibration import (
    calibrate,
    calibration_error,
    class_f1,
    fit_calibration,
    label_errors,
    macro_f1,
)
from transforms.classify.fit.fit_classifier import add_briefs
from transforms.classify.fit.labelled_terms import count_terms, name_domains
from transforms.classify.fit.linear_model import FitSettings, hold_out
from transforms.classify.fit.word_hashes import fold_table
from transforms.contracts import CATEGORY_CODES

PAIRS = 5
NEVER = -1


def show(line):
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def read_articles(path):
    data = path.read_bytes()
    return pl.read_ndjson(gzip.decompress(data) if path.suffix == ".gz" else data)


def peer():
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    return make_pipeline(
        TfidfVectorizer(
            ngram_range=(1, 2), max_features=300_000, sublinear_tf=True, min_df=2
        ),
        LogisticRegression(C=10, max_iter=200),
    )


def whole_texts(articles):
    return (articles["title"].fill_null("") + "\n" + articles["text"]).to_list()


def peer_scores(articles, labels, held):
    texts = np.array(whole_texts(articles), dtype=object)
    fitted = peer().fit(texts[~held], labels[~held])
    scores = np.zeros((held.sum(), len(CATEGORY_CODES)))
    scores[:, fitted.classes_] = fitted.predict_proba(texts[held])
    return scores


def judge_accuracy(articles):
    labels = np.array([CATEGORY_CODES.index(label) for label in articles["label"]])
    both = add_briefs(articles, FitSettings().brief_weight)
    counted = count_terms(both, fold_table(), 0)
    domains = np.array(name_domains(articles))
    sources = domains != articles["corpus"].to_numpy()
    for kind, names, used in (
        ("corpus", articles["corpus"].to_numpy(), np.full(len(articles), True)),
        ("group of sources", domains, sources),
    ):
        if used.any():
            compare(kind, articles, labels, names, used, counted)


def compare(kind, articles, labels, names, used, counted):
    """Both sides fitted without each group, judged on it; a table by group."""
    groups = np.full((~counted.is_piece).sum(), NEVER)  # the briefs behind the articles
    groups[: len(names)] = np.unique(names, return_inverse=True)[1]
    logits, _ = hold_out(counted, FitSettings(), groups, np.zeros(0, dtype=np.int64))
    logits = logits[: len(names)]
    unsaid = np.full(logits.shape, np.nan)
    show(f"| {kind} held out | articles | F1 | F1 peer | ECE | ECE peer |")
    show("| --- | --- | --- | --- | --- | --- |")
    parts = []
    for name in sorted(set(names[used])):
        held = names == name
        # The calibration, too, comes from the others.
        line = fit_calibration(
            labels[~held], logits[~held], unsaid[~held], np.ones((~held).sum())
        )
        ours, theirs = (
            calibrate(logits[held], line),
            peer_scores(articles, labels, held),
        )
        parts.append((labels[held], ours, theirs))
        show_row(name, parts[-1])
    joined = [np.concatenate(side) for side in zip(*parts, strict=True)]
    show_row("all, pooled", joined)
    for side, scores in (("newsmill", joined[1]), ("peer", joined[2])):
        by_category = class_f1(joined[0], scores.argmax(axis=1)).round(3).tolist()
        show(f"{side}: {dict(zip(CATEGORY_CODES, by_category, strict=True))}")
        show(f"calibration error by label: {label_errors(joined[0], scores).round(3)}")


def show_row(name, part):
    labels, *sides = part
    figures = [macro_f1(labels, scores.argmax(axis=1)) for scores in sides]
    figures += [calibration_error(labels, scores) for scores in sides]
    show(
        f"| {name} | {len(labels)} | " + " | ".join(f"{f:.3f}" for f in figures) + " |"
    )


def judge_speed(articles):
    labels = np.array([CATEGORY_CODES.index(label) for label in articles["label"]])
    texts = whole_texts(articles)
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    fitted = peer().fit(texts, labels)
    ours = articles.select("title", body="text").with_row_index("article_row")
    classify(ours.head(10))
    spent = {"newsmill, 2 threads": [], "newsmill, 1 thread": [], "scikit-learn": []}
    for _ in range(PAIRS):
        spent["scikit-learn"].append(clock(lambda: fitted.predict_proba(texts)))
        spent["newsmill, 1 thread"].append(clock(lambda: classify(ours, threads=1)))
        spent["newsmill, 2 threads"].append(clock(lambda: classify(ours, threads=2)))
    show(f"\n{megabytes:.1f} MB, {PAIRS} interleaved runs, medians")
    show("| | MB per second | MB per CPU second |\n| --- | --- | --- |")
    for name, times in spent.items():
        wall, cpu = (statistics.median(side) for side in zip(*times, strict=True))
        show(f"| {name} | {megabytes / wall:.1f} | {megabytes / cpu:.1f} |")


def clock(work):
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--speed-only", action="store_true")
    arguments = parser.parse_args()
    articles = read_articles(arguments.articles)
    if not arguments.speed_only:
        judge_accuracy(articles)
    judge_speed(articles)


if __name__ == "__main__":
    main()
