from datetime import date, timedelta
from itertools import pairwise

import pytest

from flows.report.charts import Stack, columns_over_time, draw_columns

KINDS = ("crisis", "energy")


def column(crisis, energy):
    return Stack("1 Jan", {"crisis": crisis, "energy": energy})


def test_columns_stand_on_each_other_and_share_one_scale():
    for chart in draw_columns([column(2, 3), column(0, 1)], KINDS, 200):
        low, high, alone = chart.bars

        assert [bar.kind for bar in chart.bars] == ["crisis", "energy", "energy"]
        assert low.y + low.height == pytest.approx(chart.base)
        assert high.y + high.height == pytest.approx(low.y)
        assert low.height / 2 == pytest.approx(high.height / 3) == alone.height
        assert alone.x > high.x + high.width - 0.1


def test_period_without_articles_keeps_its_place():
    rows = [
        {"period": date(2022, month, 1), "unit": "month", "category": "crisis"}
        | {"articles": 1}
        for month in (1, 4)
    ]

    columns = columns_over_time(rows)

    assert [c.label for c in columns] == [
        f"{m} 2022" for m in ("Jan", "Feb", "Mar", "Apr")
    ]
    assert [c.height for c in columns] == [1, 0, 0, 1]


@pytest.mark.parametrize("count", [1, 3, 40, 62, 400])
def test_labels_have_room_and_lines_are_few(count):
    days = [date(2022, 1, 1) + timedelta(day) for day in range(count)]
    columns = [Stack(f"{day:%-d %b}", {"crisis": 7 * count}) for day in days]

    for chart in draw_columns(columns, KINDS, 200):
        middles = [x for x, _ in chart.labels]
        assert all(after - before >= 80 for before, after in pairwise(middles))
        assert 30 <= middles[0] <= middles[-1] <= chart.width - 30
        assert 2 <= len(chart.lines) <= 5
        assert all(0 < y < chart.base for y, _ in chart.lines)
