"""The sample company speaks Arabic to an Arabic reader; a company's own names are never changed."""

import pyarrow.parquet
import pytest

from cxroi.shipped import shipped
from cxroi.text import Text
from cxroi.text.sample_names import sample_names


@pytest.mark.parametrize(
    ("table", "column"),
    [
        *(("customers", name) for name in ("segment", "region", "channel")),
        *(("costs", name) for name in ("initiative", "touchpoint", "owner")),
        *(("contacts", name) for name in ("channel", "topic", "touchpoint")),
        *(("surveys", name) for name in ("touchpoint", "journey_stage", "channel")),
        *(("initiatives", name) for name in ("name", "owner", "status")),
    ],
)
def test_every_name_of_the_sample_has_an_arabic_one(table, column):
    names = pyarrow.parquet.read_table(shipped("data", "sample", f"{table}.parquet"), columns=[column])[column]
    known = sample_names("ar")
    assert {name for name in names.unique().to_pylist() if name} <= known.keys()
    assert len(set(known.values())) == len(known)


def test_names_that_nobody_has_said_stay_as_they_are():
    assert Text("ar").name("Villas") == "Villas" and Text("en", names=sample_names("en")).name("Villas") == "Villas"
