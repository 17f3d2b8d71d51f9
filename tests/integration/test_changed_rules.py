"""Files that other rules have read are read again, and everybody is told."""

from tests.builds import edited


def test_files_are_read_again_when_the_transforms_have_changed(seeded_copy, seed_file):
    newsmill = seeded_copy
    before = newsmill.sql("SELECT article_id FROM fact_article ORDER BY article_id")
    # As an earlier Newsmill, with other rules, would have left it.
    with edited(newsmill.warehouse) as connection:
        connection.execute("UPDATE ops.document SET transform_version = 'earlier'")

    outdated = newsmill.ask("status", "--json").json
    again = newsmill.ask("run", seed_file, "--direct")
    then = newsmill.run(seed_file)
    settled = newsmill.ask("status", "--json").json

    assert (outdated["outdated_documents"], settled["outdated_documents"]) == (1, 0)
    assert "1 file: rules, weights, or lists have changed since" in again.out
    assert newsmill.sql("SELECT article_id FROM fact_article ORDER BY 1") == before
    assert then["status"] == "nothing_new"
    assert then["files"]["read_again"] == 0
