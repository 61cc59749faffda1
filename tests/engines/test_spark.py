"""Spark answers every question as DuckDB does; needs `make spark`."""

import shutil
import sys

import pytest

from data.errors import InputError
from data.store.spark import ADDRESS, SparkLake
from tests.engines.questions import QUESTIONS, differences


@pytest.mark.parametrize(
    ("named", "master", "folder"),
    [
        ("local[2]:/data/lake", "local[2]", "/data/lake"),
        ("local[*]:lake", "local[*]", "lake"),
        ("spark://host:7077:/data/lake", "spark://host:7077", "/data/lake"),
    ],
)
def test_an_address_names_the_engine_and_the_lake(named, master, folder):
    assert ADDRESS.fullmatch(named).groupdict() == {"master": master, "lake": folder}


@pytest.mark.parametrize("named", ["/data/lake", "raids.duckdb", "local:lake", "spark://host:lake"])
def test_a_path_is_no_address_of_spark(named):
    assert ADDRESS.fullmatch(named) is None


# PySpark leaves sockets to the collector and speaks to pandas in its older words.
@pytest.mark.filterwarnings("ignore")
@pytest.mark.slow
def test_spark_answers_every_question_as_the_store_does(stored, lake):
    pytest.importorskip("pyspark", reason="Spark is not installed: make spark")
    if shutil.which("java") is None:
        pytest.skip("Java is not installed")
    spark = SparkLake("local[2]", lake.path)
    wrong = {
        name: found
        for name, question in QUESTIONS.items()
        if (found := differences(question(stored.run), question(spark.run)))
    }
    assert wrong == {}


def test_without_spark_one_sentence_says_what_to_do(lake, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    with pytest.raises(InputError, match="Run `make spark` first"):
        SparkLake("local[2]", lake.path).run(None)
