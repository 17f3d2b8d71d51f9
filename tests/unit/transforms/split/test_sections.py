import numpy as np
import polars as pl
import pytest

from tests.faults.scene import digest
from transforms.split.best_path_kernels import START
from transforms.split.sections import score_sections
from transforms.split.trees import shipped_models
from transforms.text.buffers import buffer_documents
from transforms.text.lines import find_lines

pytestmark = pytest.mark.compiled
ARTICLES = 40
LONG = digest(articles=ARTICLES, seed=3)
BRIEF = "Dam opens\n\nThe dam on the Kelmar is open again.\n\nSource: Agency\n"
ONE_ARTICLE = "\n".join(["the dam was opened, he said, and the"] * 300)


def cut(texts, section_lines):
    buffer = buffer_documents(pl.DataFrame({"text": texts}))
    lines = find_lines(buffer)
    return lines, list(score_sections(buffer, lines, shipped_models(), section_lines))


def starts_of(sections):
    """Places of the characters at which articles start."""
    return [
        place
        for section in sections
        for place in section.lines[
            section.scored.filled.line_rows[np.flatnonzero(section.states == START)]
        ]
        .select("document_row", "char_start")
        .rows()
    ]


@pytest.mark.parametrize("section_lines", [60, 150, 100_000])
def test_sections_find_the_articles_of_the_whole(section_lines):
    texts = [LONG, BRIEF, LONG]
    _, whole = cut(texts, 1 << 30)

    lines, sections = cut(texts, section_lines)

    assert len(whole) == 1
    assert len(starts_of(whole)) == 2 * ARTICLES + 1
    assert starts_of(sections) == starts_of(whole)
    assert pl.concat(section.lines for section in sections).equals(lines)
    assert (len(sections) > 3) == (section_lines < 1_000)


def test_what_has_no_boundary_is_cut_all_the_same():
    lines, sections = cut([ONE_ARTICLE, "\n" * 500, LONG], 100)

    assert pl.concat(section.lines for section in sections).equals(lines)
    assert max(len(section.lines) for section in sections) <= 100
