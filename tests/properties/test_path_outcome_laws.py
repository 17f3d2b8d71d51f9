"""What becomes of paths: one outcome each, and equal bytes have one fate."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from transforms.contracts import REJECTS, PathOutcome
from transforms.star.path_outcome import build_path_outcome

FATES = st.sampled_from(["loaded", "known", "settled", "held"])


@given(
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from("ab")), max_size=12),
    st.lists(FATES, min_size=6, max_size=6),
    st.integers(0, 3),
)
def test_every_path_has_one_outcome_and_twins_have_one_fate(files, fates, unread):
    ids = [str(number) for number, _ in files]
    paths = [f"{place}/{row}" for row, (_, place) in enumerate(files)]
    arrivals = pl.DataFrame(
        {"document_id": ids, "file_name": "x", "path": paths},
        schema=dict.fromkeys(("document_id", "file_name", "path"), pl.String),
    )
    held = [str(number) for number, fate in enumerate(fates) if fate == "held"]
    whole = [(i, None, None, "binary") for i in held if i in ids]
    spans = [(i, 0, 9, "no_body") for i in ids]
    bare = [(None, None, None, "not_regular")] * unread
    rejects = pl.DataFrame(
        [
            (i, f"r/{row}", start, end, "clean", reason, "")
            for row, (i, start, end, reason) in enumerate(whole + spans + bare)
        ],
        schema=REJECTS,
        orient="row",
    )

    def of(fate):
        found = [str(number) for number, given in enumerate(fates) if given == fate]
        return pl.Series(found, dtype=pl.String)

    told = build_path_outcome(
        arrivals, rejects, known=of("known"), settled=of("settled")
    )

    assert len(told) == len(files) + unread
    assert set(told["path"]) >= set(paths)
    assert set(told["outcome"]) <= set(PathOutcome)
    for document_id, twins in told.drop_nulls("document_id").group_by("document_id"):
        fate = fates[int(document_id[0])]
        outcomes = sorted(twins["outcome"])
        if fate == "loaded":
            assert outcomes == ["copy"] * (len(twins) - 1) + ["loaded"]
        else:
            wanted = {"held": "held_back"}.get(fate, fate)
            assert set(outcomes) == {wanted}
        if fate in ("loaded", "held"):
            assert twins["copy_of"].null_count() == 1
            assert twins["copy_of"].drop_nulls().is_in(twins["path"].implode()).all()
    is_held = told["outcome"] == "held_back"
    assert (told["reason_code"].is_not_null() == is_held).all()
