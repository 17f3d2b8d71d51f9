"""A notebook on a published warehouse: SQL cells, charts, and articles to leaf through.

`marimo edit tests/demo/explore.py` opens it, `marimo run` of the same serves it
as a page. It reads NEWSMILL_WAREHOUSE, warehouse/newsmill.duckdb when that is not set,
and writes nothing. The extra `explore` brings marimo.
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Newsmill")


@app.cell
def _():
    import os
    from pathlib import Path

    import altair as alt
    import duckdb
    import marimo as mo

    return Path, alt, duckdb, mo, os


@app.cell
def _(Path, duckdb, mo, os):
    path = Path(os.environ.get("NEWSMILL_WAREHOUSE", "warehouse/newsmill.duckdb"))
    mo.stop(not path.exists(), mo.md(f"No warehouse at `{path}`: `make run` makes it."))
    # A run replaces the file by a rename: this connection keeps the one it opened.
    news = duckdb.connect(str(path), read_only=True)
    return news, path


@app.cell
def _(mo, news, path):
    articles, documents = news.sql(
        "SELECT (SELECT count(*) FROM fact_article), count(*) - 1 FROM dim_document"
    ).fetchone()
    mo.md(
        f"""
        # What is in `{path}`

        {articles:,} distinct articles from {documents:,} files. Change any query below:
        the cells that depend on it follow.
        """
    )
    return


@app.cell
def _(mo, news):
    trend = mo.sql(
        """
        -- Weeks and categories: distinct articles by primary label.
        SELECT
            date_trunc('week', published_date)::DATE AS week,
            category,
            count(*) AS articles
        FROM article
        WHERE published_date IS NOT NULL
        GROUP BY ALL
        ORDER BY ALL
        """,
        engine=news,
    )
    return (trend,)


@app.cell
def _(alt, trend):
    alt.Chart(trend).mark_bar(size=12).encode(
        alt.X("week:T", title=None),
        alt.Y("articles:Q", title="articles per week"),
        alt.Color("category:N", scale=alt.Scale(scheme="tableau10")),
        tooltip=["week:T", "category:N", "articles:Q"],
    ).properties(width="container", height=260)
    return


@app.cell
def _(mo, news):
    sources = mo.sql(
        """
        -- Publishers and categories: distinct articles.
        SELECT coalesce(source, 'unknown') AS source, category, count(*) AS articles
        FROM article
        GROUP BY ALL
        ORDER BY articles DESC
        """,
        engine=news,
    )
    return (sources,)


@app.cell
def _(alt, sources):
    alt.Chart(sources).mark_bar().encode(
        alt.X("articles:Q"),
        alt.Y("source:N", sort="-x", title=None),
        alt.Color("category:N", scale=alt.Scale(scheme="tableau10")),
        tooltip=["source:N", "category:N", "articles:Q"],
    ).properties(width="container")
    return


@app.cell
def _(mo, news):
    places = mo.sql(
        """
        -- Places and categories: distinct articles that name them.
        SELECT
            place,
            country,
            latitude,
            longitude,
            category,
            count(DISTINCT article_key) AS articles
        FROM place_mention
        WHERE latitude IS NOT NULL
        GROUP BY ALL
        ORDER BY articles DESC, place
        """,
        engine=news,
    )
    return (places,)


@app.cell
def _(alt, places):
    alt.Chart(places).mark_circle(opacity=0.6).encode(
        alt.X("longitude:Q", scale=alt.Scale(zero=False)),
        alt.Y("latitude:Q", scale=alt.Scale(zero=False)),
        alt.Size("articles:Q"),
        alt.Color("category:N", scale=alt.Scale(scheme="tableau10")),
        tooltip=["place:N", "country:N", "category:N", "articles:Q"],
    ).properties(width="container", height=320)
    return


@app.cell
def _(mo, news):
    actors = mo.sql(
        """
        -- Persons and organisations: distinct articles that name them.
        SELECT actor, actor_kind, count(DISTINCT article_key) AS articles
        FROM actor_mention
        GROUP BY ALL
        ORDER BY articles DESC, actor
        LIMIT 200
        """,
        engine=news,
    )
    return (actors,)


@app.cell
def _(mo, news):
    claims = mo.sql(
        """
        -- Who says how many: counted claims in their words, newest first.
        SELECT
            published_date,
            quantity_type,
            value_low,
            value_high,
            unit,
            speaker,
            place,
            exact,
            title
        FROM claim
        ORDER BY published_date DESC NULLS LAST, article_key, char_start
        LIMIT 500
        """,
        engine=news,
    )
    return (claims,)


@app.cell
def _(mo, news):
    codes = [row[0] for row in news.sql("SELECT code FROM dim_category").fetchall()]
    category = mo.ui.dropdown(sorted(codes), value="crisis", label="Category")
    doubt = mo.ui.slider(0.2, 1.0, step=0.05, value=1.0, label="Confidence at most")
    mo.hstack([category, doubt], justify="start")
    return category, doubt


@app.cell
def _(category, doubt, mo, news):
    rows = news.execute(
        """
        SELECT article_key, published_date, source, title, round(confidence, 3) AS score
        FROM article
        WHERE category = ? AND confidence <= ?
        ORDER BY confidence
        LIMIT 500
        """,
        [category.value, doubt.value],
    ).pl()
    chosen = mo.ui.table(rows, selection="single", label="Choose one to see why")
    chosen
    return (chosen,)


@app.cell
def _(chosen, mo, news):
    mo.stop(chosen.value.is_empty(), mo.md("*No article is chosen.*"))
    key = int(chosen.value["article_key"][0])
    why = news.execute(
        """
        SELECT exact, round(contribution, 2) AS contribution, char_start, char_end
        FROM evidence
        WHERE article_key = ?
        ORDER BY abs(contribution) DESC
        """,
        [key],
    ).pl()
    body = news.execute(
        "SELECT body FROM article_text WHERE article_key = ?", [key]
    ).fetchone()[0]
    mo.vstack([mo.ui.table(why, selection=None), mo.plain_text(body)])
    return


@app.cell
def _(mo, news):
    checks = mo.sql(
        """
        -- Runs and rules that did not hold, newest first.
        SELECT started_at, code, severity, observed, runbook
        FROM quality.quality_history
        WHERE NOT success
        """,
        engine=news,
    )
    return (checks,)


if __name__ == "__main__":
    app.run()
