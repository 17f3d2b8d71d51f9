"""Tables whose columns have names that nobody knows."""

TEXT = "The dam on the northern river reopened on Monday after repairs, officials said."


def test_table_is_held_back_until_its_columns_are_named(newsmill):
    table = newsmill.folder / "articles.csv"
    table.write_text(f'Was,Wie\nDam reopens,"{TEXT}"\n')

    held = newsmill.run(table)
    loaded = newsmill.run(table, "--columns", "title=was,text=wie")

    assert held["articles_new"] == 0
    assert "found: Was, Wie" in held["held_back"][0]["detail"]
    assert loaded["articles_new"] == 1
    assert newsmill.sql("SELECT title, body FROM article") == [
        {"title": "Dam reopens", "body": TEXT}
    ]
    assert newsmill.sql(
        "SELECT count(*) AS n FROM quality.quarantine WHERE status = 'open'"
    )[0] == {"n": 0}
