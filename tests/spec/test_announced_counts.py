"""How many articles a file says it holds, and what says nothing of the sort."""

import polars as pl
import pytest

from transforms.contracts import LineRole
from transforms.extract_metadata.announced_counts import COVER_LINES, count_announced

ROLES = {
    "-": LineRole.SEPARATOR,
    "^": LineRole.HEADER,
    "=": LineRole.TITLE,
    ".": LineRole.BODY,
    "_": LineRole.TRAILER,
}
ARTICLE = "= Dam fills early\n. Water rose to 80 metres."
FAR = ARTICLE + "\n. It rained." * COVER_LINES


def announced(*documents: str) -> list[int | None]:
    """Per document; a line begins with the sign of its role, an article with ^ or =."""
    rows, article = [], -1
    for document_row, document in enumerate(documents):
        inside = ""
        for line in document.strip().splitlines():
            sign, text = line[0], line[2:]
            if sign in "^=" and inside not in ("^", sign):
                article += 1
            inside = sign
            number = None if sign == "-" else article
            rows.append((len(rows), document_row, text, number, ROLES[sign]))
    lines = pl.DataFrame(
        rows,
        schema={
            "line_row": pl.UInt32,
            "document_row": pl.UInt32,
            "text": pl.String,
            "article_row": pl.UInt32,
            "role": pl.String,
        },
        orient="row",
    )
    numbers = pl.Series("document_row", range(len(documents)), dtype=pl.UInt32)
    return count_announced(numbers.to_frame(), lines).to_list()


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("Documents (100)", 100),
        ("Documents (1,240)", 1240),
        ("Dokumente (12)", 12),
        ("Anzahl Treffer: 12", 12),
        ("Treffer 1 bis 25 von 312", 25),
        ("25 documents", 25),
        ("312 results found", 312),
        ("Total documents: 7", 7),
        ("Results found: 7", 7),
        ("Results 1-25", 25),
        ("Results 1-25 of 312", 25),
        ("Results 26 to 50 of 312", 25),
        ("Showing 1-25 of 312", 25),
        ("Résultats 1-25 sur 25", 25),
        ("Nombre de documents : 12", 12),
        ("Download Request: Selected Items: 1201-1262", 62),
        ("Print Request: All Documents: 1-240", 240),
        ("Alle Artikel (9)", 9),
        ("Aantal artikelen: 14", 14),
        ("Número de documentos: 3", 3),
        ("Найдено: 12", 12),
        ("Найдено документов: 12", 12),
        ("Документы 1–10 из 64", 10),
    ],
)
def test_list_says_how_many_articles_the_file_holds(line, count):
    assert announced(f"- {line}\n{ARTICLE}") == [count]


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("1 of 500 DOCUMENTS", 500),
        ("Document 3 of 12", 12),
        ("Dokument 3 von 12", 12),
        ("Artikel 3 van 12", 12),
        ("Article 3 sur 12", 12),
        ("Story 3/12", 12),
        ("Документ 3 из 12", 12),
        ("                 ????3 of 12 STORIES", 12),
    ],
)
def test_counter_of_an_article_says_how_many_there_are(line, count):
    assert announced(f"^ {line}\n{ARTICLE}") == [count]
    assert announced(f"{ARTICLE}\n- {line}\n{ARTICLE}") == [count]


@pytest.mark.parametrize(
    "line",
    [
        "Page 1 of 3",
        "Email 4 of 5",
        "Record: 1",
        "ProQuest document ID: 151126058",
        "Document NORCO000020140311e11k00011",
        "Document 2014",
        "2 of 5 people in the region are without power",
        "Police found 25 documents in the house, officials said",
        "Trump hits China with tariffs on 200 goods",
        "52. Records fall as 12 stories burn",
        "Fiscal Year 2017 Financial Results",
        "March 11, 2014",
        "11/12",
        "Documents (0)",
        "Documents (12345678901234567890)",
        "9 of 3 DOCUMENTS",
        "1 of 3",
        "Results 25-1",
    ],
)
def test_other_lines_with_numbers_announce_nothing(line):
    assert announced(f"- {line}\n^ {line}\n{ARTICLE}") == [None]


@pytest.mark.parametrize(
    "line", ["3 of 12 DOCUMENTS", "25 documents", "Documents (12)", "Results 1-25"]
)
@pytest.mark.parametrize("sign", ["=", ".", "_"])
def test_texts_of_articles_announce_nothing(line, sign):
    assert announced(f"{FAR}\n{sign} {line}\n{ARTICLE}") == [None]


def test_cover_that_was_taken_for_an_article_is_read():
    assert announced("= Saturday, March 3\n. Documents (37)\n. 1. Dam fills") == [37]


def test_lists_of_one_file_add_up():
    first = f"- Results 1-2 of 9\n{ARTICLE}\n{ARTICLE}"
    second = f"- Results 3-5 of 9\n{ARTICLE}\n{ARTICLE}\n{ARTICLE}"

    assert announced(f"{first}\n{second}") == [5]
    assert announced(f"{first}\n{first}") == [4]


def test_list_named_again_on_every_page_is_one_list():
    page = f"- Documents (12)\n{ARTICLE}\n"

    assert announced(page * 3) == [12]


def test_list_named_above_and_below_its_articles_is_one_list():
    line = "- Results 1-2 of 9\n"

    assert announced(f"{line}{ARTICLE}\n{ARTICLE}\n{line}") == [2]
    assert announced(f"{ARTICLE}\n{ARTICLE}\n{line}") == [2]


def test_list_counts_before_the_results_it_was_chosen_from():
    assert announced(f"- 312 results\n- Results 1-25\n{ARTICLE}") == [25]


def test_list_counts_before_the_counters_of_its_articles():
    assert announced(f"- Documents (2)\n^ 1 of 40 DOCUMENTS\n{ARTICLE}") == [2]


def test_series_of_counters_add_up():
    def export(*numbers, of):
        return "".join(f"^ {n} of {of} DOCUMENTS\n{ARTICLE}\n" for n in numbers)

    assert announced(export(1, 2, 3, of=3)) == [3]
    assert announced(export(1, 2, of=2) + export(8, 10, of=63)) == [65]
    assert announced(export(1, 2, of=3) + export(1, 2, of=3)) == [6]


def test_bare_counters_count_where_they_go_on():
    assert announced(f"^ 1 of 9\n{ARTICLE}\n^ 2 of 9\n{ARTICLE}") == [9]
    assert announced(f"^ 1 of 9\n{ARTICLE}\n^ 1 of 9\n{ARTICLE}") == [None]


def test_each_document_speaks_of_itself():
    silent, said = ARTICLE, f"- Documents (4)\n{ARTICLE}"

    assert announced(silent, said, silent, said) == [None, 4, None, 4]
