"""Texts are read in bounded memory, however many there are."""

import subprocess
import sys

READ = """
import re
from pathlib import Path

import duckdb

from expectations.screens.staged_texts import read_texts


def peak_megabytes():
    status = Path("/proc/self/status").read_text()
    return int(re.search("VmHWM: *\\t* *([0-9]+) kB", status)[1]) // 1000


def read(articles):
    connection.execute(
        "CREATE OR REPLACE TABLE main.one AS SELECT i::BIGINT AS key, 0 AS char_start "
        f"FROM range({articles}) AS numbers(i)"
    )
    read_texts(connection)
    return peak_megabytes()


connection = duckdb.connect(config={"memory_limit": "200MB", "threads": 2})
connection.execute("SET enable_progress_bar = false")
connection.execute('''
    CREATE SCHEMA staging;
    CREATE TABLE main.one AS SELECT 0::BIGINT AS key, 0 AS char_start;
    CREATE VIEW main.documents AS
    SELECT key AS document_key, 2_500 AS byte_size FROM main.one;
    CREATE VIEW main.segments AS
    SELECT key AS document_key, char_start::BIGINT AS char_start, key AS article_key,
        repeat('five ', 500) AS text
    FROM main.one;
    CREATE VIEW staging.dim_document AS FROM main.documents;
    CREATE VIEW staging.document_segment AS FROM main.segments;
    CREATE TABLE main.dim_document AS FROM staging.dim_document LIMIT 0;
    CREATE TABLE main.document_segment AS FROM staging.document_segment LIMIT 0;
    CREATE VIEW staging.fact_article AS
    SELECT key AS article_key, key AS first_document_key,
        char_start::BIGINT AS first_char_start
    FROM main.one;
    CREATE VIEW staging.fact_occurrence AS
    SELECT key AS article_key, key AS document_key, 0::BIGINT AS char_start,
        2_500::BIGINT AS char_end
    FROM main.one;
    CREATE TABLE main.fact_occurrence AS FROM staging.fact_occurrence LIMIT 0;
    CREATE TABLE main.fact_article AS FROM staging.fact_article LIMIT 0;
    CREATE SCHEMA ops;
    CREATE TABLE ops.document AS FROM staging.dim_document LIMIT 0;
    CREATE VIEW staging.fact_evidence AS
    SELECT key AS article_key, key AS document_key, 5::BIGINT AS char_start,
        9::BIGINT AS char_end, if(key % 2 = 0, 'five', 'four') AS exact
    FROM main.one;
    CREATE VIEW staging.fact_mention AS FROM staging.fact_evidence LIMIT 0;
    CREATE VIEW staging.fact_quantity AS
    SELECT *, NULL::BIGINT AS speaker_start, NULL::BIGINT AS speaker_end
    FROM staging.fact_evidence LIMIT 0
''')
before = read(4_000)
after = read(240_000)
right, chars = connection.execute(
    "SELECT (SELECT sum(quotes) FROM right_quote), (SELECT sum(chars) FROM stretch)"
).fetchone()
print(after - before, right, chars)
"""


def test_texts_that_were_read_are_not_kept():
    done = subprocess.run(
        [sys.executable, "-c", READ], capture_output=True, text=True, check=False
    )

    assert done.stderr == ""
    more_megabytes, right, chars = map(int, done.stdout.split())
    assert chars == 240_000 * 2_500  # 600 MB
    assert right == 120_000
    assert more_megabytes < 400, more_megabytes
