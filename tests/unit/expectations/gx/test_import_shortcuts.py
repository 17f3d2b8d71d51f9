from contextlib import nullcontext
from datetime import date

import pydantic.v1 as pydantic
import pytest

from expectations import audit as auditing
from expectations.gx.import_shortcuts import models_sharing_fields, remembering

RUN_DATE = date(2022, 1, 7)


@pytest.mark.parametrize(
    "damage",
    ["", "UPDATE staging.fact_article SET confidence = 2"],
    ids=["good rows", "bad rows"],
)
def test_audit_with_shortcuts_says_the_same(staged, damage, monkeypatch):
    staged.execute(damage)

    shortly = judged(staged)
    monkeypatch.setattr(auditing, "remembering", nullcontext)

    assert shortly == judged(staged)


def judged(connection):
    report = auditing.audit(connection, run_date=RUN_DATE)
    return report.results.rows(), report.failing_rows.rows(), report.failed_critical


def test_great_expectations_is_left_as_it_was():
    from great_expectations.core import id_dict
    from great_expectations.expectations.expectation import Expectation

    before = Expectation.configuration, id_dict.convert_to_json_serializable
    with remembering():
        assert Expectation.configuration is not before[0]

    assert before == (Expectation.configuration, id_dict.convert_to_json_serializable)


def test_subclass_leaves_the_fields_of_its_base_alone():
    with models_sharing_fields():

        class Base(pydantic.BaseModel):
            size: int = 1

        class Narrow(Base):
            @pydantic.validator("size")
            @classmethod
            def is_small(cls, size):
                assert size < 10
                return size

    assert Base(size=20).size == 20
    with pytest.raises(pydantic.ValidationError):
        Narrow(size=20)


def test_what_is_left_out_says_so_when_it_is_used():
    from great_expectations import expectations

    with pytest.raises(NotImplementedError, match="ExpectColumnToExist is not loaded"):
        expectations.ExpectColumnToExist(column="title")
