from transforms.search.sentence import find_sentence

BODY = "Rain fell. The dam at Novo held; the dam is old. Nobody was hurt.\n\nIt rained."


def test_sentence_with_most_matched_words_is_marked():
    found = find_sentence("Flood", BODY, [2, 4, 6, 9, 14])

    assert found.marked == "The **dam** at **Novo** held; the **dam** is old."
    assert BODY[found.start :].startswith(found.text)


def test_title_answers_where_the_body_does_not():
    found = find_sentence("Flood kills two", BODY, [0])

    assert found.is_title
    assert found.marked == "**Flood** kills two"


def test_initials_are_one_word():
    found = find_sentence("T", "The U.S. Senate met.", [3])

    assert found.marked == "The U.S. **Senate** met."


def test_extract_begins_a_little_before_the_first_mark():
    body = "word " * 20 + "flood came."

    assert find_sentence("T", body, [21]).extract.startswith("…word")
    assert "**flood** came." in find_sentence("T", body, [21]).extract
    assert len(find_sentence("T", body, [21]).extract) < 65
