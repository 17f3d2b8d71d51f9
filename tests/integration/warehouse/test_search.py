"""Full-text search on warehouses of known content."""

from pathlib import Path

import duckdb
import pytest

from flows.jobs.search import search_articles
from tests.builds import open_build
from tests.integration.warehouse.conftest import Mill, run_facts
from transforms.errors import UsageError

NEWS = {
    "strike": "Reuters miners strike|Miners at the Novo pit stopped work. They "
    "protest against unpaid wages, the union said.",
    "protest": "Reuters protests spread|Protesters filled the squares of Astana. "
    "Police fired tear gas at the protest.",
    "pipeline": "Interfax pipeline leak|A gas pipeline leaked near Perm. The "
    "operator shut the pipe and gas prices rose.",
    "plant": "Interfax power plant burns|Fire broke out at the power plant. Its owner "
    "said power would return.",
    "flower": "Unsigned garden show|The plant that won has the power to cure, growers "
    "said.",
    "heist": "AP bank robbed|Robbers took two million dollars from a bank in Lyon.",
    "vote": "AP elections held|Voters elected a new parliament. The election was calm.",
    "summit": "TASS summit of CSTO|The CSTO met in Moscow over the protests. U.S. "
    "envoys stayed away.",
    "café": "AP café closes|Erdoğan visited the café before it closed.",
    "выборы": "ТАСС выборы президента|Президент России выиграл выборы. Избирательная "
    "комиссия сообщила о нарушениях.",
    "взрыв": "ТАСС взрыв газа|Взрывом газа разрушен дом. Погибли люди, сообщили "
    "пожарные.",
    "quake": "Kyodo quake hits coast|A quake struck. The tsunami warning was lifted. "
    "Nobody was hurt.",
}
ANSWERS = [
    ("miner", ["strike"]),
    ("protest", ["protest", "summit", "strike"]),
    ("protesting", ["protest", "summit", "strike"]),
    ("protest NOT police", ["summit", "strike"]),
    ("protest -police -csto", ["strike"]),
    ("CSTO AND protest", ["summit"]),
    ("csto protests", ["summit"]),
    ("gas", ["pipeline", "protest"]),
    ("gas OR bank", ["heist", "pipeline", "protest"]),
    ("tear gas", ["protest"]),
    ('"tear gas"', ["protest"]),
    ('"gas tear"', []),
    ("power plant", ["plant", "flower"]),
    ('"power plant"', ["plant"]),
    ('"plant power"', []),
    ('"stopped work"', ["strike"]),
    ('"took two million"', ["heist"]),
    ('"leaked near Perm"', ["pipeline"]),
    ('"met in Moscow"', ["summit"]),
    ('"broke out at the power"', ["plant"]),
    ("robber", ["heist"]),
    ("elections", ["vote"]),
    ("US envoy", ["summit"]),
    ("erdogan", ["café"]),
    ("CAFE", ["café"]),
    ("(police OR union) wages", ["strike"]),
    ("quake tsunami OR heist", ["quake"]),
    ("президентом", ["выборы"]),
    ("выборов", ["выборы"]),
    ("взрывы", ["взрыв"]),
    ('"взрывом газа"', ["взрыв"]),
    ("сообщили", ["взрыв", "выборы"]),
    ("gas source:Interfax", ["pipeline"]),
    ("gas NOT source:interfax", ["protest"]),
    ("the", []),
    ("nowhere", []),
]


@pytest.fixture(scope="module")
def news(tmp_path_factory):
    folder = tmp_path_factory.mktemp("search")
    (folder / "parts").mkdir()
    mill = Mill(folder / "newsmill.duckdb", folder / "parts")
    mill.run(mill.part({"news.txt": list(NEWS.values())}))
    return mill


def found(warehouse, words):
    """Names of the articles, the best first."""
    names = {text.partition("|")[0]: name for name, text in NEWS.items()}
    return [names[row["title"]] for row in search_articles(warehouse, words, limit=100)]


@pytest.mark.parametrize(("words", "expected"), ANSWERS)
def test_query_finds_what_it_means(news, words, expected):
    assert sorted(found(news.warehouse, words)) == sorted(expected)


def test_more_of_a_word_and_a_word_of_the_title_come_first(news):
    assert found(news.warehouse, "protest")[0] == "protest"
    assert found(news.warehouse, "gas")[0] == "pipeline"


def test_place_is_where_the_sentence_stands_in_its_file(news):
    (row,) = search_articles(news.warehouse, '"tear gas"', limit=1)

    with duckdb.connect(news.warehouse, read_only=True) as connection:
        ((text,),) = connection.execute(
            "SELECT text FROM dim_document WHERE file_name = ?", [row["file_name"]]
        ).fetchall()
    assert text[row["char_start"] :].startswith(row["sentence"])
    assert row["marked"] == "Police fired **tear** **gas** at the protest."
    assert [row["sentence"][a:b] for a, b in row["marks"]] == ["tear", "gas"]
    assert isinstance(row["article_key"], str)


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("protest since:2022-01-02", 2),
        ("protest until:2022-01-02", 2),
        ("protest since:2022-01-02 until:2022-01-02", 1),
        ("protest since:2021 until:2022", 3),
        ("protest since:2022-02", 0),
        ("protest category:energy", 1),
        ("protest category:energy category:Other", 2),
        ("protest NOT category:energy", 2),
        ("protest source:tass", 1),
        ("protest source:as", 0),
    ],
)
def test_fields_narrow_what_is_found(news, words, count):
    assert len(search_articles(news.warehouse, words, limit=100)) == count


def test_limit_keeps_the_best(news):
    (row,) = search_articles(news.warehouse, "protest", limit=1)

    assert row["title"] == "Reuters protests spread"


def test_plain_duckdb_searches_in_sql(news):
    with duckdb.connect(
        news.warehouse, read_only=True, config={"autoload_known_extensions": False}
    ) as connection:
        rows = connection.sql(
            "SELECT title, source FROM search('gas NOT tear', most := 5)"
        ).fetchall()

    assert rows == [("Interfax pipeline leak", "Interfax Agency")]


def test_hostile_words_find_nothing_and_break_nothing(news):
    with duckdb.connect(news.warehouse, read_only=True) as connection:
        for words in (
            "'; DROP TABLE x",
            '"',
            "((",
            "%_\\",
            "AND OR NOT",
            "a:b",
            "\x1b",
        ):
            asked = connection.execute("FROM search(?)", [words])
            assert asked.fetchall() == []


def test_index_follows_what_is_published(mill):
    first, more = ["AP dam fills|Water rose."], ["AP dam bursts|Water fell."]
    mill.run(mill.part({"a.txt": first}))
    mill.run(mill.part({"b.txt": more}), run_id="run-2")

    assert _titles(mill, "dam") == {"AP dam fills", "AP dam bursts"}
    assert _indexed(mill) == [(0,), (1,)]


def test_article_that_is_read_otherwise_is_found_by_its_new_words_alone(mill):
    digest = {"a.txt": ["AP dam fills|Water rose.", "AP bank robbed|Men took cash."]}
    mill.run(mill.part(digest))
    mill.run(mill.part(digest, version="2"), run_id="run-2")

    assert _titles(mill, "dam") == {"AP dam fills"}
    assert len(search_articles(mill.warehouse, "dam OR cash", limit=9)) == 2


def test_index_is_made_anew_when_much_of_it_is_gone(mill):
    digest = {"a.txt": ["AP dam fills|Water rose."]}
    for number in range(3):
        run_id = f"run-{number}"
        mill.run(mill.part(digest, version=run_id), run_id=run_id)

    assert _indexed(mill) == [(0,)]
    with duckdb.connect(mill.warehouse, read_only=True) as connection:
        places = connection.sql("SELECT sum(len(positions)) FROM ops.search_posting")
        assert places.fetchall() == [(5,)]


def test_without_an_index_search_says_so(mill):
    with open_build(mill.warehouse, run_facts("run-1")) as build:
        build.load([mill.part({"a.txt": ["AP dam fills|Water rose."]})])
        build.publish(with_search=False)

    with pytest.raises(UsageError, match="`search` is off"):
        search_articles(mill.warehouse, "dam", limit=9)
    with (
        duckdb.connect(mill.warehouse, read_only=True) as connection,
        pytest.raises(duckdb.InvalidInputException, match="has no index"),
    ):
        connection.sql("FROM search('dam')").fetchall()


def test_index_that_was_off_is_made_whole_by_the_next_run(mill):
    with open_build(mill.warehouse, run_facts("run-1")) as build:
        build.load([mill.part({"a.txt": ["AP dam fills|Water rose."]})])
        build.publish(with_search=False)
    mill.run(mill.part({"b.txt": ["AP dam bursts|Water fell."]}), run_id="run-2")

    assert _titles(mill, "dam") == {"AP dam fills", "AP dam bursts"}


def test_lake_says_that_it_has_no_index():
    with pytest.raises(UsageError, match="lake keeps no index"):
        search_articles(Path("ducklake:sqlite:/lake.sqlite?data=/lake"), "dam", limit=9)


@pytest.mark.parametrize(
    "forms",
    [
        "protest protests protested protesting",
        "city cities",
        "agree agreed agreeing",
        "plan plans planned planning",
        "care cares caring",
        "car cars",
        "crisis crises",
        "elect elects elected election elections",
        "use uses used using",
        "die dies died",
        "U.S. US",
        "война войны войну войной",
        "нефть нефти",
        "санкция санкции санкций санкциями",
        "ёлка елка",
    ],
)
def test_forms_of_a_word_are_one(news, forms):
    with duckdb.connect(news.warehouse, read_only=True) as connection:
        asked = connection.execute(
            "SELECT count(DISTINCT search_term(lower(form))) "
            "FROM (SELECT unnest(?) AS form)",
            [forms.split()],
        )
        assert asked.fetchall() == [(1,)]


@pytest.mark.parametrize(
    "words", ["car care", "us use", "gas gases gasp", "king kin", "police policy"]
)
def test_other_words_stay_apart(news, words):
    one, *_, other = words.split()
    with duckdb.connect(news.warehouse, read_only=True) as connection:
        asked = connection.execute(
            "SELECT search_term(?) = search_term(?)", [one, other]
        )
        assert asked.fetchall() == [(False,)]


def _titles(mill, words):
    return {row["title"] for row in search_articles(mill.warehouse, words, limit=9)}


def _indexed(mill):
    with duckdb.connect(mill.warehouse, read_only=True) as connection:
        return connection.sql(
            "SELECT article_number FROM ops.search_article ORDER BY ALL"
        ).fetchall()
