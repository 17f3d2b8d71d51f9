"""A batch with a large file is cut: what asks one article at a time is shared out.

The task that reads the batch leaves each piece of it in files of its own, so a piece
costs its worker what a usual batch would, in memory and on the network.
"""

import polars as pl

from flows.batch.batches import Part, Piece
from flows.batch.stages import account, scored_batch
from flows.batch.work import STAGED_HELD_SPANS, Work
from transforms.classify.classifier import Classifier
from transforms.contracts import REJECTS
from warehouse.staging.sealed_folder import sealed_folder
from warehouse.staging.write_failures import frames_written
from warehouse.staging.write_part import write_part


def star_documents(work: Work, version: str) -> dict[str, pl.DataFrame]:
    """Rows of documents and of what is held back."""
    from transforms.star.star import build_document_tables as build_tables

    account(work)
    return build_tables(scored_batch(work), transform_version=version)


def leave_pieces(work: Work, segments: pl.DataFrame, pieces: tuple[Piece, ...]) -> None:
    """Write each piece where its task will look for it; again changes nothing."""
    from transforms.star.article_pieces import cut_articles
    from transforms.star.star import add_document_keys

    documents = add_document_keys(work.documents, work.documents)
    articles = add_document_keys(work.articles, work.documents)
    for piece in pieces:
        rows = articles.slice(piece.first, piece.count)
        cut = cut_articles(rows, documents, segments)
        folder = piece.left_folder
        if folder.exists():
            continue
        with sealed_folder(folder) as partial, frames_written():
            cut.documents.write_ipc(partial / "documents.arrow")
            cut.articles.write_ipc(partial / "articles.arrow")
            (partial / "first_char").write_text(str(cut.first_char))


def take(piece: Piece) -> tuple[Work, int]:
    """What was left of a piece, and where its first document begins."""
    folder = piece.left_folder
    documents, articles = (
        pl.read_ipc(folder / f"{name}.arrow") for name in ("documents", "articles")
    )
    work = Work(
        documents=documents,
        held_spans=pl.DataFrame(schema=STAGED_HELD_SPANS),
        rejects=pl.DataFrame(schema=REJECTS),
        articles=articles,
    )
    return work, int((folder / "first_char").read_text())


def star_articles(
    work: Work, first_char: int, classifier: Classifier
) -> dict[str, pl.DataFrame]:
    """Rows of articles, their places those in the whole documents."""
    from transforms.star.article_pieces import move_places
    from transforms.star.star import build_article_tables

    tables = build_article_tables(scored_batch(work), classifier.facts)
    key = work.articles["document_key"][0]
    for table, column in (
        ("fact_article", "first_document_key"),
        ("fact_occurrence", "document_key"),
        ("fact_evidence", "document_key"),
        ("fact_mention", "document_key"),
        ("fact_quantity", "document_key"),
    ):
        tables[table] = move_places(tables[table], pl.col(column) == key, first_char)
    return tables


def write_piece(piece: Piece, tables: dict[str, pl.DataFrame]) -> Part:
    """The piece as a Parquet part; appearances belong to the part of the document."""
    path = write_part(
        piece.folder,
        piece.batch_id,
        tables,
        batch_ids={"fact_occurrence": piece.batch.documents_id},
    )
    return Part(path, {})
