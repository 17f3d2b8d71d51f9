"""Stories come out the same, in whatever order and portions articles come in."""

import random
from itertools import pairwise

import duckdb
import pytest

from tests.builds import edited, open_build
from tests.fingerprint import fingerprint
from tests.gate import sampled
from tests.integration.warehouse.conftest import run_facts
from warehouse.open_reader import open_published
from warehouse.staging import stories

WORDS = [f"{a}{b}{c}" for a in "bdklmt" for b in "aeiou" for c in ("n", "rs", "st")]


# Some print a text on one or two days, some on so many that it becomes boilerplate.
SOURCES = ["Alpha", "Beta", "Gamma", "Gamma", "Delta", "Delta", "Delta", "Undated"]
SOURCES += ["Unsigned", "Unsigned"]


def paragraphs(chance: random.Random, count: int) -> list[str]:
    return [" ".join(chance.choices(WORDS, k=18)) + "." for _ in range(count)]


def news(seed: int) -> list[dict[str, list[str]]]:
    """Documents that print versions of four texts; each place is another day."""
    chance = random.Random(seed)
    stories = [paragraphs(chance, 6) for _ in range(4)]
    documents = []
    for number in range(6):
        articles = []
        for place in range(chance.randint(3, 20)):
            story = chance.choice(stories)
            kept = chance.sample(story, chance.randint(2, 5))
            title = f"{chance.choice(SOURCES)} {place % 3} {chance.choice('abc')}"
            articles.append(f"{title}|{' '.join(kept + paragraphs(chance, 1))}")
        # The same article on another day, in another document.
        if documents:
            articles.append(chance.choice(next(iter(documents[-1].values()))))
        documents.append({f"{number}.txt": articles})
    return documents


def counts(warehouse) -> tuple[int, int, int]:
    with open_published(warehouse) as connection:
        return connection.execute(
            "SELECT (SELECT count(*) FROM fact_article), (SELECT count(*) FROM "
            "fact_article_pair), count(DISTINCT story_key) FROM bridge_article_story"
        ).fetchone()


@pytest.mark.full
@pytest.mark.parametrize("seed", [1, 2])
def test_runs_in_any_order_equal_one_run_over_all(mill, second_mill, seed):
    documents = news(seed)
    together = {name: texts for part in documents for name, texts in part.items()}
    mill.run(mill.part(together))

    shuffled = documents[:]
    random.Random(seed).shuffle(shuffled)
    for number, document in enumerate(shuffled):
        second_mill.run(second_mill.part(document), run_id=f"run-{number}")

    assert fingerprint(mill.warehouse) == fingerprint(second_mill.warehouse)
    articles, pairs, stories = counts(mill.warehouse)
    assert articles > stories > 1
    assert pairs > 10


@pytest.mark.full
def test_article_that_leaves_takes_its_pairs_along(mill, second_mill):
    first, second, third, *_ = news(4)
    ((name, texts),) = second.items()
    shorter = {name: texts[: len(texts) // 2]}
    for number, part in enumerate([first, second, third]):
        mill.run(mill.part(part), run_id=f"run-{number}")
    before = counts(mill.warehouse)

    # The same bytes, in which other rules find fewer articles.
    mill.run(_reread(mill, second, shorter), run_id="again")

    assert counts(mill.warehouse) < before
    second_mill.run(second_mill.part(first), run_id="one")
    second_mill.run(_reread(second_mill, second, shorter), run_id="two")
    second_mill.run(second_mill.part(third), run_id="three")
    assert _links(mill.warehouse) == _links(second_mill.warehouse)


def _reread(mill, document, articles):
    ((name, texts),) = document.items()
    held = [text if text in articles[name] else f"!{text}" for text in texts]
    return mill.part({name: held}, version="2")


def _links(warehouse):
    return {
        table: hash_
        for table, hash_ in fingerprint(warehouse).items()
        if table.endswith(("signature", "pair", "story"))
    }


@pytest.mark.full
@pytest.mark.parametrize("seed", sampled([1, 2, 3, 4]))
@pytest.mark.parametrize("is_together", [True, False], ids=["together", "one by one"])
def test_set_aside_articles_leave_what_a_whole_look_finds(
    mill, second_mill, monkeypatch, seed, is_together
):
    documents = news(seed)
    loads = [documents] if is_together else [[document] for document in documents]
    for number, load in enumerate(loads):
        _load_without(mill, load, run_id=f"run-{number}")

    monkeypatch.setitem(stories._GIVEN, "few_articles", -1)
    for number, load in enumerate(loads):
        _load_without(second_mill, load, run_id=f"run-{number}")

    assert counts(mill.warehouse)[1] > 0
    assert fingerprint(mill.warehouse) == fingerprint(second_mill.warehouse)


def _load_without(mill, documents, run_id):
    """Load, with every fifth new article set aside."""
    parts = [mill.part(document) for document in documents]
    with open_build(mill.warehouse, run_facts(run_id)) as build:
        build.load(parts)
        failing = build.connection.sql(
            "SELECT article_key, 'some_rule' AS expectation_code, 'odd' AS detail "
            "FROM staging.fact_article ANTI JOIN main.fact_article USING (article_key) "
            "WHERE article_key % 5 = 0"
        ).pl()
        build.set_aside(failing)
        build.publish()


def test_story_keeps_its_key_while_it_grows(mill):
    chance = random.Random(7)
    text = paragraphs(chance, 5)
    keys = set()
    for number in range(4):
        filler = [f"Filler {number} {n}|{paragraphs(chance, 4)}" for n in range(number)]
        article = f"Title of {number}|{' '.join(text[: 5 - number])}"
        mill.run(mill.part({f"{number}.txt": [*filler, article]}), run_id=f"r{number}")
        with open_published(mill.warehouse) as connection:
            keys |= set(
                connection.sql(
                    "SELECT story_key FROM bridge_article_story GROUP BY story_key "
                    "ORDER BY count(*) DESC, story_key LIMIT 1"
                ).fetchall()
            )
            members = connection.sql(
                "SELECT count(*) FROM bridge_article_story GROUP BY story_key"
            ).fetchall()
        if number == 0:
            first = set(keys)
        assert max(members) == (number + 1,)

    assert keys == first


@pytest.mark.parametrize(
    "change",
    ["DELETE FROM {table}", "UPDATE {table} SET method_version = 1"],
    ids=["no stories", "an older method"],
)
def test_articles_linked_before_this_method_are_linked_by_it(mill, second_mill, change):
    first, second, *_ = news(5)
    for one in (mill, second_mill):
        one.run(one.part(first), run_id="first")
    with edited(mill.warehouse) as connection:
        for table in ("article_signature", "fact_article_pair", "bridge_article_story"):
            schema = "ops" if table == "article_signature" else "main"
            connection.execute(change.format(table=f"{schema}.{table}"))

    for one in (mill, second_mill):
        one.run(one.part(second), run_id="second")

    assert fingerprint(mill.warehouse) == fingerprint(second_mill.warehouse)


def test_many_copies_are_one_story_and_few_pairs(mill):
    chance = random.Random(9)
    shared = paragraphs(chance, 2)
    texts = [
        f"Title{n} here|{' '.join(shared + paragraphs(chance, 1))}" for n in range(300)
    ]
    parts = [
        mill.part({f"{n}.txt": texts[n : n + 30]}) for n in range(0, len(texts), 30)
    ]

    mill.run(*parts)

    articles, pairs, stories = counts(mill.warehouse)
    assert articles == 300
    assert stories == 1
    assert articles < pairs <= 2 * 8 * articles


@pytest.mark.full
def test_release_that_makes_boilerplate_of_a_text_parts_those_that_share_it(mill):
    chance = random.Random(3)
    shared = paragraphs(chance, 4)
    found = []
    for number in range(5):
        # Each release on another day: the place in its document.
        filler = [f"Filler {number} {n}|{paragraphs(chance, 4)}" for n in range(number)]
        text = " ".join(shared + paragraphs(chance, 2))
        release = f"Office release {number}|{text}"
        mill.run(mill.part({f"{number}.txt": [*filler, release]}), run_id=f"r{number}")
        found.append(counts(mill.warehouse)[1])

    assert found == [0, 1, 3, 0, 0]


def test_copies_without_a_date_are_of_the_story(mill):
    text = paragraphs(random.Random(5), 6)
    copies = [
        f"Office release|{' '.join(text)}",
        f"Undated copy|{' '.join(text[1:])}",
        f"Other title|{' '.join(text[:4])}",
    ]

    mill.run(mill.part({"1.txt": copies}))

    assert counts(mill.warehouse) == (3, 3, 1)


@pytest.mark.full
def test_every_pair_is_named_once_in_the_order_of_keys(mill):
    for number, document in enumerate(news(6)):
        mill.run(mill.part(document), run_id=f"run-{number}")

    with open_published(mill.warehouse) as connection:
        pairs = connection.sql(
            "SELECT article_key, other_article_key FROM fact_article_pair ORDER BY ALL"
        ).fetchall()
    assert all(one < other for one, other in pairs)
    assert all(pair != following for pair, following in pairwise(pairs))


def test_statement_that_cannot_spill_gets_more_memory():
    with duckdb.connect(config={"memory_limit": "20MB", "threads": 1}) as connection:
        (statement,) = connection.extract_statements(
            "SELECT len(list(i)) FROM range($count) AS numbers(i)"
        )
        with pytest.raises(duckdb.OutOfMemoryException):
            connection.execute(statement, {"count": 4_000_000}).fetchall()

        answer = stories._execute(connection, statement, {"count": 4_000_000})

    assert len(answer) == 1
