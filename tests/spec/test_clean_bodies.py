"""What stays in a body and what is cut, as small texts."""

import pytest

from tests.article_frames import digests
from transforms.clean import clean as clean_stage

LEAD = "The council of Exampleville met on Monday to talk about the new bridge."
MORE = "It will be built next year, the mayor said, if the money is found in time."


def body_of(text: str) -> str:
    return digests([text]).clean().articles["body"][0]


def cuts_of(text: str) -> list[tuple[str, str]]:
    (cuts,) = digests([text]).clean().articles["cuts"].to_list()
    return [
        (text[cut["char_start"] : cut["char_end"]], cut["reason_code"]) for cut in cuts
    ]


@pytest.mark.parametrize(
    ("tail", "reason"),
    [
        ("Source: Example Agency", "trailer"),
        ("Copyright (c) 2015. Example Agency, Inc. All rights reserved.", "trailer"),
        ("(Reporting by Jane Doe; Editing by John Smith)", "trailer"),
        ("Read more: https://example.org/bridge", "trailer"),
        ("Tags: bridges, councils", "trailer"),
        ("-- Newswire", "trailer"),
        ("LOAD-DATE: March 15, 2013\n\nLANGUAGE: ENGLISH", "trailer"),
        (" REUTER", "trailer"),
    ],
)
def test_trailer_lines_leave_the_body_not_the_span(tail: str, reason: str) -> None:
    text = f"A new bridge\n\n{LEAD}\n\n{MORE}\n\n{tail}"

    cleaned = digests([text]).clean().articles

    assert cleaned["body"][0] == f"{LEAD}\n\n{MORE}"
    assert cleaned["char_end"][0] == len(text)
    assert {cut for _, cut in cuts_of(text)} == {reason}


@pytest.mark.parametrize(
    "tail",
    ["… Continue reading “A new bridge”", "… Continue reading", "... Read more"],
)
def test_continue_tail_is_cut_and_marks_truncation(tail: str) -> None:
    text = f"A new bridge\n\n{LEAD}\n\nIt will be built ne{tail}"

    cleaned = digests([text]).clean().articles

    assert cleaned["body"][0].endswith(
        ("It will be built ne…", "It will be built ne...")
    )
    assert cleaned["is_truncated"].to_list() == [True]
    assert cuts_of(text)[0][1] == "continue_tail"


@pytest.mark.parametrize(
    "end",
    [
        "The council met… [+1234 chars]",
        "The council met on Mon [+98 chars]",
        "The council met again... [more]",
        "The council met [...]",
        "The council met.\n\n(more)",
        "The council met.\n\nMORE FOLLOWS",
        "The council of the town met on Monday to talk about the",
        "The council of the town met on Monday to talk about bridges,",
    ],
)
def test_text_that_goes_on_elsewhere_is_truncated(end: str) -> None:
    cleaned = digests([f"A new bridge\n\n{LEAD}\n\n{end}"]).clean().articles

    assert cleaned["is_truncated"].to_list() == [True]
    assert "chars]" not in cleaned["body"][0]


@pytest.mark.parametrize(
    "end",
    [
        "The council of the town met on Monday. (AFP)",
        "The council of the town met on Monday. (Example News Agency)",
        "The council of the town met on Monday. KYODO",
        "The council of the town met on Monday to talk of bridges",
        "Editing by Jane Doe",
        "He wants more",
        "Yours,",
    ],
)
def test_end_without_a_full_stop_may_be_whole(end: str) -> None:
    cleaned = digests([f"A new bridge\n\n{LEAD}\n\n{end}"]).clean().articles

    assert cleaned["is_truncated"].to_list() == [False]


def test_whole_article_is_not_truncated() -> None:
    cleaned = digests([f"A new bridge\n\n{LEAD}\n\n{MORE}"]).clean().articles

    assert cleaned["is_truncated"].to_list() == [False]


def test_byline_before_dateline_is_cut_and_dateline_stays() -> None:
    text = f"A new bridge\n\nBy Jane van Doe NEW CITY (Wire) - {LEAD}"

    assert body_of(text) == f"NEW CITY (Wire) - {LEAD}"
    assert cuts_of(text) == [("By Jane van Doe ", "byline")]


def test_published_by_block_and_byline_are_headers() -> None:
    text = f"A new bridge\n\nPublished by\nExample Agency\n\nBy Jane Doe\n\n{LEAD}"

    assert body_of(text) == LEAD
    assert cuts_of(text) == [
        ("Published by", "header"),
        ("Example Agency", "header"),
        ("By Jane Doe", "byline"),
    ]


def test_deck_between_title_and_byline_is_a_header() -> None:
    deck = "The deck says in many words what the story is about, and more than that."
    head = f"{deck}\nBy Jane Doe"

    assert body_of(f"A new bridge\n\n{head}\n\n{LEAD}\n\n{MORE}") == f"{LEAD}\n\n{MORE}"
    assert cuts_of(f"A new bridge\n\n{head}\n\n{LEAD}") == [
        (deck, "header"),
        ("By Jane Doe", "byline"),
    ]


@pytest.mark.parametrize(
    "noise",
    [
        "Advertisement",
        "ADVERTISEMENT - CONTINUE READING BELOW",
        "Реклама",
        "Read also: Old bridge falls",
        "Читайте также: Старый мост",
        "Story continues below",
    ],
)
def test_what_a_page_puts_into_a_text_is_cut_and_kept_as_a_cut(noise: str) -> None:
    text = f"A new bridge\n\n{LEAD}\n\n{noise}\n\n{MORE}"

    assert body_of(text) == f"{LEAD}\n\n{MORE}"
    assert cuts_of(text) == [(noise, "trailer")]


@pytest.mark.parametrize(
    "head",
    [
        "Share\nFacebook\nTwitter\nTelegram\nPrint",
        "Home » News » Region",
        "Photo: The square / Example Post",
        "Read also",
        "(This article was first published on Wednesday.)",
        "------------------------------",
        "RUBRIK: S. 5 Ausg. 161\nLÄNGE: 72 Wörter",
        "URL:\nhttps://example.org/cgi-bin/article.cgi?file=/a/b\nMN123.DTL",
    ],
)
def test_what_a_page_puts_above_a_text_is_no_text(head: str) -> None:
    assert body_of(f"A new bridge\n{head}\n\n{LEAD}\n\n{MORE}") == f"{LEAD}\n\n{MORE}"


@pytest.mark.parametrize(
    "tail",
    [
        "Views: 345 | Print version",
        "Просмотров: 310\nПоделиться: Facebook Twitter Telegram",
        "@examplepost | Subscribe",
        "2 comments\nAnn\n2 hours ago\nWhen will this end?\nReply",
        "References\n1. https://example.org/a",
        "Old bridge falls\nMayor resigns\nSnow expected on Sunday\nAll news",
        "Tous droits réservés",
        "SUJET: ÉNERGIE (90%)\nDATE-CHARGEMENT: 13 avril 2013",
    ],
)
def test_what_a_page_puts_below_a_text_is_no_text(tail: str) -> None:
    assert body_of(f"A new bridge\n\n{LEAD}\n\n{MORE}\n\n{tail}") == f"{LEAD}\n\n{MORE}"


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("The mayor&#39;s plan &mdash; a bridge&nbsp;", "The mayor's plan — a bridge"),
        ("The mayor=E2=80=99s plan.=20", "The mayor’s plan."),
        ("**The mayor** has a [plan](https://example.org/a).", "The mayor has a plan."),
        ("![photo](https://example.org/a.jpg) The plan", "The plan"),
        ("> The mayor said so.", "The mayor said so."),
        ("The [1]mayor has [22]plans.", "The mayor has plans."),
        (
            "See https://example.org/a?d=2014&x=20",
            "See https://example.org/a?d=2014&x=20",
        ),
        ("AT&T; R&D, 5 ** 2, [sic](1), a__b", "AT&T; R&D, 5 ** 2, [sic](1), a__b"),
        ("2**10 is {0.__class__}, **so far.", "2**10 is {0.__class__}, **so far."),
    ],
)
def test_leftovers_of_markup_become_what_they_stand_for(raw: str, clean: str) -> None:
    text = f"A new bridge\n\n{LEAD}\n\n{raw}"
    (row,) = digests([text]).clean().articles.to_dicts()

    assert row["body"] == f"{LEAD}\n\n{clean}"
    assert row["word_count"] == len(row["body"].split())
    assert row["paragraph_count"] == 2
    for run in row["body_runs"]:
        start, place = run["text_start"], run["char_start"]
        assert (
            row["body"][start : start + run["length"]]
            == text[place : place + run["length"]]
        )
    assert (row["body"] == text.partition("\n\n")[2]) == (row["cuts"] == [])


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("Subject: A new bridge", "A new bridge"),
        ("[A new bridge](https://example.org/a)", "A new bridge"),
        ("⚡️ A new bridge", "A new bridge"),
        ("The mayor&#39;s bridge", "The mayor's bridge"),
    ],
)
def test_title_is_without_label_link_and_signs(raw: str, title: str) -> None:
    assert digests([f"{raw}\n\n{LEAD}"]).clean().articles["title"].item() == title


def test_database_fields_are_headers() -> None:
    fields = (
        "The Example\nMay 5, 2004 Wednesday\n\nSection: News\nLength: 44 words\nBody"
    )

    assert body_of(f"A new bridge\n{fields}\n\n{LEAD}") == LEAD


def test_title_that_looks_like_a_byline_stays_a_title() -> None:
    cleaned = digests([f"By boat over the river\n\n{LEAD}"]).clean().articles

    assert cleaned["title"].to_list() == ["By boat over the river"]
    assert cleaned["body"].to_list() == [LEAD]


def test_body_that_begins_with_a_date_is_no_header() -> None:
    lead = (
        "January 5, 2022 in the hall of the council a meeting was held on the bridge."
    )

    assert body_of(f"A new bridge\n\n{lead}") == lead


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("two  spaces\tand a tab", "two spaces and a tab"),
        ("hard\u00a0space and\u202fthin", "hard space and thin"),
        ("zero\u200bwidth \u202aleft\u202c \ufeffmark", "zerowidth left mark"),
        ("bell\x07 and nul\x00", "bell and nul"),
        ("soft\u00adhyphen", "softhyphen"),
        ("tag\U000e0041\U000e0042s", "tags"),
        ("\u0645\u06cc\u200c\u062e joined", "\u0645\u06cc\u200c\u062e joined"),
        ("itâ€™s â€œmisreadâ€\x9d", "it’s “misread”"),
        ("cafe\u0301 and \u0438\u0306", "café and й"),
        ("Windows \x93quotes\x94", "Windows “quotes”"),
        ("it is shut. ”Was stolen and gone", "it is shut. Was stolen and gone"),
        ("“One” and ”two”", "“One” and ”two”"),
        ("LIBERTÉ–ÉGALITÉ stays", "LIBERTÉ–ÉGALITÉ stays"),
    ],
)
def test_characters_are_evened_out(raw: str, clean: str) -> None:
    assert body_of(f"A new bridge\n\n{raw} in the town.") == f"{clean} in the town."


def test_hard_wrapped_lines_become_paragraphs() -> None:
    text = (
        "A NEW BRIDGE\n\n"
        "    TOWN, March 9 - The council of the town met on Monday to talk\n"
        "about the bridge that it has wanted for so long and could never\n"
        "build, the mayor said.\n"
        "    It will be built next year if money is found in time and a long-\n"
        "term loan may be had for the half of it, he said."
    )

    first, second = body_of(text).split("\n\n")

    assert first == (
        "TOWN, March 9 - The council of the town met on Monday to talk about the "
        "bridge that it has wanted for so long and could never build, the mayor said."
    )
    assert second.startswith("It will be built next year if money is found in time")
    assert "a long-term loan" in second


def test_unwrapped_lines_are_paragraphs_of_their_own() -> None:
    assert body_of(f"A new bridge\n{LEAD}\n{MORE}\n{LEAD}") == "\n\n".join(
        [LEAD, MORE, LEAD]
    )


def test_short_line_between_paragraphs_is_a_subhead() -> None:
    lines = digests([f"A new bridge\n\n{LEAD}\n\nA Long Road\n\n{MORE}"]).clean().lines

    assert lines.filter(lines["text"] == "A Long Road")["role"].to_list() == ["subhead"]


def test_counts_describe_the_body() -> None:
    cleaned = digests(["A new bridge\n\nOne two  three.\n\nFour."]).clean().articles

    assert cleaned.select("paragraph_count", "word_count").row(0) == (2, 4)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("* * *\n\nA body without a title.", "no_title"), ("Only a title", "no_body")],
)
def test_article_without_title_or_body_is_set_aside(text: str, reason: str) -> None:
    result = digests([f"A new bridge\n\n{LEAD}", text]).clean()

    assert result.articles["title"].to_list() == ["A new bridge"]
    assert result.rejects["reason_code"].to_list() == [reason]
    start = len(f"A new bridge\n\n{LEAD}\n\n")
    assert result.rejects.row(0)[1:3] == (start, start + len(text))


def test_article_beyond_the_limit_is_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clean_stage, "ARTICLE_MAX_BYTES", 100)

    result = digests(
        [f"A new bridge\n\n{LEAD}", f"Another\n\n{LEAD}\n\n{MORE}"]
    ).clean()

    assert result.rejects["reason_code"].to_list() == ["article_too_large"]
    assert result.articles["title"].to_list() == ["A new bridge"]


def test_no_articles_give_empty_frames() -> None:
    frames = digests([])

    result = frames.clean()

    assert (len(result.articles), len(result.rejects)) == (0, 0)
    assert frames.metadata().is_empty()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("1. {}", "2. {}"),
        ("(3) {}", "[4] {}"),
        ("#8 {}", "#9 {}"),
        ("• {}", "► {}"),
        ("Headline: {}", "TITLE: {}"),
        ("## {}", "### {}"),
        ("HD {}", "HD {}"),
        ("BC0008 {}", "BC0009 {}"),
        ("010/1996 {}", "011/1996 {}"),
        ("2007-02-20 {}", "2007-02-21 {}"),
        ("Oct 22. {}", "October 23: {}"),
        ("{} - Reuters", "{} | The Daily Example"),
        ("{} (Reuters)", "{} (Example)"),
        ("{} - May 5, 2019", "{} – 6 May 2019"),
        ("{} <EXMP.N>", "{} <WIRE.N>"),
    ],
)
def test_marks_of_all_titles_are_no_words_of_them(first: str, second: str) -> None:
    titles = ["A new bridge opens", "Old school closes in spring"]
    texts = [
        f"{form.format(title)}\n\n{LEAD}"
        for form, title in zip((first, second), titles, strict=True)
    ]

    assert digests(texts).clean().articles["title"].to_list() == titles


@pytest.mark.parametrize(
    "title",
    [
        "5 things to know of the bridge",
        "Crude output falls - Reuters",
        "May 5 protests go on",
        "AFL-CIO meets again",
        "1. FC Example wins again",
        "DEV-0001",
        "1984",
    ],
)
def test_a_mark_that_other_titles_lack_is_part_of_its_title(title: str) -> None:
    others = ["A new bridge opens", "Old school closes"]
    texts = [f"{text}\n\n{LEAD}" for text in (title, *others)]

    assert digests(texts).clean().articles["title"][0] == title
