"""A batch from files to a Parquet part: the way of the data on one screen."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from flows.batch.batches import Batch, Part, Piece, cut_batch
from flows.batch.cut_batch import (
    leave_pieces,
    star_articles,
    star_documents,
    take,
    write_piece,
)
from flows.batch.stages import (
    classify,
    clean,
    decode,
    deduplicate,
    extract_content,
    extract_metadata,
    read,
    split,
    star,
    write,
)
from flows.batch.work import Work, join_works
from flows.runners.runner import Runner
from flows.weights import load_classifier


def transform(batch: Batch, run: Runner) -> Part:
    """A batch from its files to a part, one stage after the other.

    Args:
        batch: Its files are read here, and nowhere else.
        run: Calls the stages, each under its own name.
    """
    landed, unread, left = run(read, batch)
    work = run(decode, landed, unread, batch.recipe.columns)
    del landed  # its bytes are text by now
    part = _transform_read(batch.without(left), work, run)
    return replace(part, left=batch.of_left(left))


def _transform_read(batch: Batch, work: Work, run: Runner) -> Part:
    work = find_articles(work, run, batch.recipe.run_date, batch.recipe.splitter)
    work = run(deduplicate, work)
    pieces = cut_batch(batch, work.articles["byte_end"] - work.articles["byte_start"])
    if pieces:
        return hand_out(batch, work, pieces, run)
    classifier = load_classifier(batch.recipe.weights)
    work = run(classify, work, classifier)
    work = run(extract_content, work, is_wanted=batch.recipe.is_content_wanted)
    tables = run(star, work, classifier, batch.recipe.version)
    return run(write, batch, work, tables)


def find_articles(
    work: Work, run: Runner, run_date: date, splitter: Path | None = None
) -> Work:
    """The articles of decoded documents, each kind of document in its own way.

    Args:
        work: From `decode`. What a file holds need not be what its name says.
        run: Calls the stages.
        run_date: Nothing after it is a date of the past.
        splitter: Weights; None are those that ship.
    """
    works = []
    for of_kind in work.by_kind():
        found = run(clean, run(split, of_kind, splitter))
        works.append(run(extract_metadata, found, run_date))
    return join_works(works)


def hand_out(batch: Batch, work: Work, pieces: tuple[Piece, ...], run: Runner) -> Part:
    """A batch's part with the rows of its documents; its articles are for others.

    There are as many steps left as for a batch that is not cut.

    Args:
        batch: That is cut.
        work: Of it, up to the identity of its articles.
        pieces: Into which it falls.
        run: Calls the steps.
    """
    version = batch.recipe.version
    tables = run(star_documents, work, version)
    run(leave_pieces, work, tables["document_segment"], pieces)
    # Another name than the whole would have: a run with other bounds may find it.
    part = run(write, batch, work, tables, batch.documents_id)
    return replace(part, pieces=pieces)


def transform_rest(piece: Piece, run: Runner) -> Part:
    """A piece from the files that were left for it to a part."""
    work, first_char = run(take, piece)
    classifier = load_classifier(piece.recipe.weights)
    work = run(classify, work, classifier)
    work = run(extract_content, work, is_wanted=piece.recipe.is_content_wanted)
    return run(write_piece, piece, run(star_articles, work, first_char, classifier))
