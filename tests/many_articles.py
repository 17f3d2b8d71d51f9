"""A warehouse of as many invented articles as a test wants, written by SQL alone."""

from pathlib import Path

import duckdb

from warehouse.database.connection import open_build_file
from warehouse.database.schema import create_warehouse

ROWS = """
    INSERT INTO dim_category (category_key, code, label, definition) VALUES
        (1, 'crisis', 'Crisis and conflict', 'Wars, disasters, unrest.'),
        (2, 'energy', 'Energy', 'Oil, gas, power.'),
        (3, 'crime', 'Crime and justice', 'Offences, police, courts.');
    INSERT INTO dim_source (source_key, name)
        SELECT range + 1, 'Paper ' || range FROM range(3000);
    INSERT INTO dim_date (date_key, date)
        SELECT range + 1, DATE '1990-01-01' + range::INTEGER FROM range(12000);
    INSERT INTO ops.document
        (document_key, document_id, file_name, byte_size, char_count, run_key)
        SELECT range + 1, range, 'f' || range, 9, 1000000, 0 FROM range(2000);
    CREATE TEMP TABLE made AS
        SELECT
            range AS i,
            -- Forty a day, back from the last day; one in fifty is undated.
            CASE WHEN i % 50 = 49 THEN 0
                ELSE greatest(12000 - i // 40, 4) END AS day,
            i % 2000 + 1 AS document
        FROM range($articles);
    INSERT INTO fact_article (article_key, article_id, title, source_key, author_key,
        place_key, category_key, published_date_key, published_from_key,
        published_to_key, is_date_stated, event_date_key, date_basis,
        first_document_key, first_char_start, classifier_key, run_key, confidence,
        word_count, char_count, paragraph_count, occurrence_count, is_truncated,
        language, country)
        SELECT i + 1, i,
            ['Police detain', 'Flood reaches', 'Gas field opens near',
                'Court rules on unrest in'][i % 4 + 1]
            || ' ' || ['Almaty', 'Dushanbe', 'Osh', 'Rogun'][i // 4 % 4 + 1]
            || ', report ' || i,
            i % 3000 + 1, 0, 0, i % 3 + 1, day,
            CASE WHEN day > 0 THEN greatest(day - 4, 1) ELSE 0 END, day, i % 3 = 0
            AND day > 0, 0, 'text', document, i, 0, 0, 0.9, 500, 3000, 9,
            i % 7 // 6 + 1, false, 'en',
            ['Kazakhstan', 'Tajikistan', 'Kyrgyzstan', 'Tajikistan'][i // 4 % 4 + 1]
        FROM made;
    INSERT INTO document_segment (document_key, char_start, article_key, text)
        SELECT document, i, i + 1, repeat('word ', CASE WHEN i < 4000 THEN 9000
            ELSE 100 END)
        FROM made;
    INSERT INTO fact_occurrence (article_key, document_key, ordinal, char_start,
        char_end, boundary_score, run_key, body_runs, body_gaps)
        SELECT i + 1, document, 1, i, i + 1, 1, 0,
            [{text_start: 0, char_start: i, length: 5 * 9000}], ['', '']
        FROM made;
    INSERT INTO quality.quarantine
        SELECT range, 0, 'p/' || range, NULL, NULL, 'read', 'empty',
            repeat('x', 500), 0, 'open'
        FROM range($articles // 5);
"""

# Each article names the place of its title, and one in eleven a place far away. Two of
# ten tell of one event, as one story, in figures of which two exclude each other.
CONTENT = """
    INSERT INTO dim_place (place_key, name, kind, country_iso2, country, latitude,
        longitude) VALUES
        (1, 'Almaty', 'city', 'KZ', 'Kazakhstan', 43.25, 76.91),
        (2, 'Dushanbe', 'city', 'TJ', 'Tajikistan', 38.54, 68.78),
        (3, 'Osh', 'city', 'KG', 'Kyrgyzstan', 40.53, 72.8),
        (4, 'Rogun', 'facility', 'TJ', 'Tajikistan', 38.68, 69.77),
        (5, 'Kazakhstan', 'country', 'KZ', 'Kazakhstan', 47.3, 70.0),
        (6, 'Suva', 'city', 'FJ', 'Fiji', -18.14, 178.44),
        (7, 'Central Asia', 'region', NULL, NULL, 45.0, 68.0);
    INSERT INTO fact_mention (article_key, document_key, char_start, char_end, exact,
        kind, place_key, actor_key, role, is_metonym, score, run_key)
        SELECT i + 1, document, i, i + 1, 'x', 'place', i // 4 % 4 + 1, 0, 'title',
            false, 0.9, 0
        FROM made
        UNION ALL
        SELECT i + 1, document, i, i + 1, 'x', 'place', i % 3 + 5, 0, 'text', false,
            0.9, 0
        FROM made WHERE i % 11 = 0;
    INSERT INTO bridge_article_story
        SELECT i + 1, i // 10 * 10 + 1, 1, 0 FROM made WHERE i % 5 = 0;
    INSERT INTO fact_quantity (article_key, document_key, char_start, char_end, exact,
        quantity_type, value_low, value_high, is_approximate, unit, is_negated,
        speaker, place_key, run_key)
        SELECT i + 1, document, i, i + 1,
            CASE WHEN i % 10 = 0 THEN '18' ELSE 'at least 24' END, 'killed',
            CASE WHEN i % 10 = 0 THEN 18 ELSE 24 END,
            CASE WHEN i % 10 = 0 THEN 18 END, false, 'person', false,
            CASE WHEN i % 10 = 0 THEN 'the ministry' ELSE 'doctors' END, 1, 0
        FROM made WHERE i % 5 = 0
        UNION ALL
        SELECT i + 1, document, i, i + 1, 'dozens', 'killed', 12, NULL, false,
            'person', false, 'residents', 1, 0
        FROM made WHERE i % 10 = 0;
"""


def write_many(path: Path, articles: int, *, with_content: bool = True) -> Path:
    """Write a warehouse of invented articles, forty a day; the same ones each time."""
    with open_build_file(path) as connection:
        create_warehouse(connection)
    with duckdb.connect(str(path)) as connection:
        for statement in duckdb.extract_statements(ROWS + CONTENT * with_content):
            named = {"articles": articles} if "$articles" in statement.query else {}
            connection.execute(statement, named)
    return path
