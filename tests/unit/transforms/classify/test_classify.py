import polars as pl
import pytest

from transforms.classify.classifier import shipped_classifier
from transforms.classify.classify import classify
from transforms.contracts import CATEGORY_CODES, EVIDENCE, SCORES, check


def articles_of(*texts):
    return pl.DataFrame(
        {
            "article_row": range(len(texts)),
            "title": [title for title, _ in texts],
            "body": [body for _, body in texts],
        },
        schema_overrides={
            "article_row": pl.UInt32,
            "title": pl.String,
            "body": pl.String,
        },
    )


FLOOD = (
    "Flood kills twelve in mountain valley",
    """Rescue workers searched the rubble after flash floods destroyed homes. The
    ministry of emergency situations said hundreds were evacuated.""",
)
THEFT = (
    "Police arrest two men over stolen cars",
    "Detectives detained the suspects on Monday. A court will hear the theft case.",
)


def test_frames_keep_their_contracts():
    scores, evidence = classify(articles_of(FLOOD, THEFT))

    check(scores, SCORES, stage="classify", contract="SCORES")
    check(evidence, EVIDENCE, stage="classify", contract="EVIDENCE")
    assert scores["category"].to_list() == [*CATEGORY_CODES] * 2
    assert scores["article_row"].to_list() == [0] * 5 + [1] * 5


def test_no_articles_give_empty_frames():
    scores, evidence = classify(articles_of())

    check(scores, SCORES, stage="classify", contract="SCORES")
    check(evidence, EVIDENCE, stage="classify", contract="EVIDENCE")
    assert len(scores) == len(evidence) == 0


def test_null_and_empty_texts_are_other_with_no_evidence():
    scores, evidence = classify(articles_of((None, None), ("", "")))

    primary = scores.filter("is_primary")
    assert primary["category"].to_list() == ["other", "other"]
    assert primary["score"].max() < 0.6
    assert len(evidence) == 0


def test_evidence_quotes_words_for_and_against():
    articles = articles_of(FLOOD)

    _, evidence = classify(articles)

    fields = {"title": FLOOD[0], "body": FLOOD[1]}
    quotes = [
        fields[field][start:end]
        for field, start, end in evidence.select(
            "field", "text_start", "text_end"
        ).rows()
    ]
    assert any("lood" in quote for quote in quotes)
    assert (evidence["contribution"] > 0).sum() == 5
    assert (evidence["contribution"] < 0).sum() <= 3
    assert set(evidence["category"]) == {"crisis"}


def test_weights_of_assigned_labels_sum_to_one():
    scores, _ = classify(articles_of(FLOOD, THEFT, ("", "")))

    sums = scores.group_by("article_row").agg(
        pl.col("weight").sum(), pl.col("is_primary").sum()
    )
    assert sums["weight"].to_list() == pytest.approx([1, 1, 1])
    assert sums["is_primary"].to_list() == [1, 1, 1]
    assert not scores.filter("is_primary", ~pl.col("is_assigned")).height
    assert not scores.filter(~pl.col("is_assigned"), pl.col("weight") > 0).height


def test_low_thresholds_assign_more_labels():
    classifier = shipped_classifier()
    generous = type(classifier)(
        **{**vars(classifier), "thresholds": dict.fromkeys(CATEGORY_CODES, 0.0)}
    )

    scores, _ = classify(articles_of(FLOOD), generous)

    assert set(scores.filter("is_assigned")["category"]) == {*CATEGORY_CODES} - {
        "other"
    }


def test_nothing_is_assigned_beside_other():
    classifier = shipped_classifier()
    generous = type(classifier)(
        **{**vars(classifier), "thresholds": dict.fromkeys(CATEGORY_CODES, 0.0)}
    )

    scores, _ = classify(articles_of(("Singer releases third album", "")), generous)

    assert scores.filter("is_assigned")["category"].to_list() == ["other"]


def test_an_act_of_state_on_a_topic_has_the_topic_as_second_label():
    scores, _ = classify(
        articles_of(
            (
                "President inaugurates hydropower plant",
                """The president took part in the launch of the second unit of the
                hydropower plant. It has a capacity of 120 megawatts. Electricity will
                be exported under an agreement that the two governments signed.""",
            )
        )
    )

    assigned = scores.filter("is_assigned").sort("score", descending=True)
    assert assigned["category"].to_list() == ["energy", "government"]


def in_language(code, *texts):
    return articles_of(*texts).with_columns(language=pl.lit(code))


def test_article_in_a_language_that_is_not_known_is_unclassified():
    scores, evidence = classify(
        in_language("de", ("Erdbeben erschüttert die Stadt", "Tote und war ein Gas."))
    )

    check(scores, SCORES, stage="classify", contract="SCORES")
    assert scores.rows() == [(0, None, 0.0, True, True, 1.0)]
    assert len(evidence) == 0


def test_known_and_unknown_languages_stay_in_the_order_of_the_articles():
    articles = articles_of(FLOOD, ("Ein Brief", "Post"), THEFT).with_columns(
        language=pl.Series(["en", "de", None])
    )

    scores, evidence = classify(articles)

    primary = scores.filter("is_primary")
    assert primary["category"].to_list() == ["crisis", None, "crime"]
    assert primary["article_row"].to_list() == [0, 1, 2]
    assert set(evidence["article_row"]) == {0, 2}


def test_text_too_short_for_a_language_is_known_by_its_words():
    scores, _ = classify(in_language("und", ("Oil prices", ""), ("Wxyz", "")))

    assert scores.filter("is_primary")["category"].to_list() == ["energy", None]


IN_OTHER_LANGUAGES = """
ru energy|Новая подстанция|Электроэнергия пошла по линии мощностью 110 мегаватт.
ru crisis|Землетрясение в горах|Спасатели нашли погибших под завалами домов.
tg crime|Дузди моли мардум|Кормандони милитсия гумонбарро дастгир карданд.
kk government|Жаңа министр тағайындалды|Президент жарлыққа қол қойды.
uz crisis|Toshqin uylarni olib ketdi|Uch kishi halok boʻldi, ikki kishi jarohatlandi.
tr crime|Hırsızlık şüphelisi tutuklandı|Polis çalınan eşyaları ele geçirdi.
fa energy|افزایش تولید برق|نیروگاه جدید ۲۰۰ مگاوات برق تولید می‌کند.
"""


@pytest.mark.parametrize("line", IN_OTHER_LANGUAGES.strip().splitlines())
def test_languages_of_the_translated_lexicon_are_known(line):
    kind, title, body = line.split("|")
    language, category = kind.split()

    scores, evidence = classify(in_language(language, (title, body)))

    assert scores.filter("is_primary")["category"].to_list() == [category]
    fields = {"title": title, "body": body}
    quotes = [
        fields[field][start:end]
        for field, start, end in evidence.select(
            "field", "text_start", "text_end"
        ).rows()
    ]
    assert quotes
    assert all(quote.strip() == quote and quote for quote in quotes)


def test_apostrophes_of_uzbek_are_one_letter():
    texts = [("", f"O{sign}g{sign}ri ushlandi") for sign in "ʻ'‘’`"]

    scores, _ = classify(in_language("uz", *texts))

    assert scores.filter(category="crime")["score"].n_unique() == 1


@pytest.mark.compiled
def test_number_of_threads_changes_nothing():
    articles = articles_of(*[FLOOD, THEFT, ("Oil prices", "rose " * 2000)] * 300)

    one, two = classify(articles, threads=1), classify(articles, threads=2)

    assert one[0].equals(two[0])
    assert one[1].equals(two[1])


@pytest.mark.compiled
@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("a" * 2_000_000, set()),
        ("é" * 500_000, set()),
        ("oil " * 500_000, {(0, 3)}),
        ("\n" * 1_000_000 + "oil", {(1_000_000, 1_000_003)}),
    ],
    ids=["one word", "one accented word", "a word again and again", "far down"],
)
def test_hostile_text_is_read_as_any_other(body, found):
    _, evidence = classify(articles_of(("", body)))

    assert set(evidence.select("text_start", "text_end").rows()) == found
