"""A lake asked by Spark, on this machine's cores or on a cluster; needs what `make spark` installs, and Java."""

import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from data.errors import InputError
from data.schema import Table
from data.store.lake import TABLES, Lake

if TYPE_CHECKING:
    import ibis
    import pandas as pd
    from pyspark.sql import SparkSession

# 'local[2]:DIR' or 'spark://HOST:PORT:DIR'
ADDRESS = re.compile(r"(?P<master>local\[(?:\d+|\*)\]|spark://[^:/]+:\d+):(?P<lake>.+)")
NOT_INSTALLED = "Spark is not installed. Run `make spark` first; it needs Java 17 or newer."
NO_ANSWER = "Spark does not answer, or it went away: look whether Java 17 or newer is installed and whether the cluster runs."
_TYPES = {"UUID": "string", "VARCHAR": "string", "BLOB": "binary", "TIMESTAMP": "timestamp_ntz"}


class SparkLake(Lake):
    """A lake whose questions Spark answers: the same as `Lake`, numbers within 1e-9."""

    def __init__(self, master: str, path: Path):
        super().__init__(path)
        self._master = master
        self._seen = ""

    @cached_property
    def _session(self) -> "SparkSession":
        try:
            from pyspark.errors import PySparkException
            from pyspark.sql import SparkSession
        except ImportError:
            raise InputError(NOT_INSTALLED) from None
        try:
            return (
                SparkSession.builder.master(self._master)
                .appName("raid patterns")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.ui.enabled", "false")
                .config("spark.log.level", "OFF")
                .config("spark.sql.shuffle.partitions", "8")
                .config("spark.sql.execution.arrow.pyspark.enabled", "true")
                .config("spark.sql.ansi.enabled", "false")
                .getOrCreate()
            )
        except (PySparkException, RuntimeError, OSError):
            raise InputError(NO_ANSWER) from None

    def run(self, expression: "ibis.Table") -> "pd.DataFrame":
        """As `Store.run`; the columns have the types that the expression says."""
        session = self._session
        import ibis
        import ibis.backends.pyspark  # whose options the dialect reads
        from py4j.protocol import Py4JError

        # Looking it up lays the options out that the dialect reads.
        _ = ibis.pyspark
        if (version := self.version()) != self._seen:
            for table in TABLES:
                self._define(table)
            self._seen = version
        try:
            found = session.sql(ibis.to_sql(expression, dialect="pyspark")).toPandas()
        except (Py4JError, ConnectionError):
            raise InputError(NO_ANSWER) from None
        return _as_duckdb_gives(found, expression.schema())

    def _define(self, table: Table) -> None:
        columns = [
            f"CAST({column.name} AS {_TYPES.get(column.type, column.type)}) AS {column.name}"
            for column in table.columns
        ]
        if files := self.files_of(table):
            found = self._session.read.parquet(*map(str, files)).selectExpr(*columns)
        else:
            kinds = ", ".join(
                f"{column.name} {_TYPES.get(column.type, column.type)}" for column in table.columns
            )
            found = self._session.createDataFrame([], kinds)
        found.createOrReplaceTempView(table.name)


def _as_duckdb_gives(frame: "pd.DataFrame", kinds: "ibis.Schema") -> "pd.DataFrame":
    """Columns of the types in which DuckDB gives them: numbers with gaps as floats, moments without a zone."""
    import pandas as pd

    columns = {}
    for name, kind in kinds.items():
        values = frame[name]
        if kind.is_floating() or kind.is_decimal():
            values = values.astype("float64")
        elif kind.is_integer():
            values = values.astype("float64" if values.isna().any() else "int64")
        elif kind.is_boolean() and not values.isna().any():
            values = values.astype("bool")
        elif kind.is_date() or kind.is_timestamp():
            values = pd.to_datetime(values).astype("datetime64[us]")
        columns[name] = values
    return pd.DataFrame(columns)
