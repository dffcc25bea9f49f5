"""The other engine: Apache Spark, on one machine or a cluster, running the same Ibis expressions as Spark SQL.

Python runs on the driver alone, which reads the lake and computes arrays: executors run SQL, so that they need Java and
the scratch folder, nothing else. PySpark is an extra (`spark`), and this file is its only home.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.sql.compilers.pyspark import PySparkCompiler
from py4j.protocol import Py4JError
from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkException
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

from configs import SparkSettings
from graph.engine import unbound
from graph.query_engine import EngineError

_STOP_S = 30.0
ibis.pyspark  # noqa: B018 - to name a back end registers its options, which its compiler reads
_FAULTS = (PySparkException, Py4JError)
# What values depend on; no setting of the user's comes after these.
_FIXED = {
    "spark.app.name": "ringfence",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # an overflow is an error, never a wrong number
    "spark.sql.caseSensitive": "true",
    "spark.sql.parquet.binaryAsString": "false",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
_LOOPBACK = {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}


class SparkEngine(AbstractContextManager["SparkEngine"]):
    """One Spark session with a driver of its own; what is kept and what spills lies in `scratch`, which all must share.

    What Spark says goes into `log`, which is written anew. Raises EngineError.
    """

    def __init__(self, settings: SparkSettings, scratch: Path, log: Path) -> None:
        self.scratch = scratch
        self._log = log
        with ExitStack() as opened:
            self._session = opened.enter_context(_session(settings, scratch, log))
            self._opened = opened.pop_all()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.close()

    def scan(self, name: str, paths: Sequence[Path], schema: pa.Schema) -> ir.Table:
        """Give Parquet files of one `schema` as a table; folder names are never read as columns."""
        with _told(self._log):
            reader = self._session.read.option("recursiveFileLookup", value=True)
            reader.parquet(*map(_pattern, paths)).createOrReplaceTempView(name)
        return unbound(name, schema)

    def give(self, name: str, table: pa.Table) -> ir.Table:
        """Give an Arrow table a name here."""
        with _told(self._log):
            self._session.createDataFrame(table).createOrReplaceTempView(name)
        return unbound(name, table.schema)

    def save(self, name: str, expression: ir.Table) -> ir.Table:
        """Compute `expression` once and keep its rows under `name`.

        They are kept as Parquet, not in Spark's cache: there a table drags its whole plan into every later query.
        """
        folder = self.scratch / name
        with _told(self._log):
            self._session.sql(spark_sql(expression)).write.parquet(_uri(folder), "overwrite")
            self._session.read.parquet(_pattern(folder)).createOrReplaceTempView(name)
        return ibis.table(expression.schema(), name=name)

    def fetch(self, expression: ir.Table) -> pa.Table:
        """Compute `expression`; the types are those it promises."""
        with _told(self._log):
            found = self._session.sql(spark_sql(expression)).toArrow()
        return found.cast(expression.schema().to_pyarrow())


class _Compiler(PySparkCompiler):  # type: ignore[misc]  # Ibis has no types
    """Ibis's Spark SQL, with those operations changed whose values differ from DuckDB's."""

    __slots__ = ()

    def visit_CountStar(self, op: ops.CountStar, *, arg: Any, where: Any) -> Any:  # noqa: N802 - named by Ibis
        """Count 0 where a condition is null for all rows; Ibis sums it, which gives null."""
        return self.f.count_if(where) if where is not None else super().visit_CountStar(op, arg=arg, where=where)

    def visit_Round(self, op: ops.Round, *, arg: Any, digits: Any) -> Any:  # noqa: N802 - named by Ibis
        """Round a float half away from zero at its scaled value; Spark's own goes by the shortest decimal text."""
        if not op.arg.dtype.is_floating():
            return super().visit_Round(op, arg=arg, digits=digits)
        scale = self.cast(10**op.digits.value, op.dtype)
        return self.f.round(arg * scale, 0) / scale


def spark_sql(expression: ir.Table) -> str:
    """Give an expression on unbound tables as Spark SQL."""
    return str(_Compiler().to_sqlglot(expression).sql(dialect=_Compiler.dialect))


@contextmanager
def _session(settings: SparkSettings, scratch: Path, log: Path) -> Iterator[SparkSession]:
    """Start a driver and give a session on `settings.master`; both end with the block."""
    conf = SparkConf(loadDefaults=False).setAll(list(_properties(settings, scratch).items()))
    gateway = _driver(conf, log)
    try:
        with _told(log):
            session = SparkSession(SparkContext(conf=conf, gateway=gateway))
        try:
            yield session
        finally:
            session.stop()
    finally:
        SparkContext._gateway = SparkContext._jvm = None  # else the next session would talk to this driver
        gateway.shutdown()
        gateway.proc.stdin.close()  # the driver ends with its standard input
        gateway.proc.wait(_STOP_S)


def _properties(settings: SparkSettings, scratch: Path) -> Mapping[str, str]:
    here = {**_LOOPBACK, "spark.local.dir": _one_folder(scratch)} if settings.master.startswith("local") else {}
    kept = {"spark.sql.warehouse.dir": _uri(scratch / "warehouse"), "spark.master": settings.master}
    return {**here, **settings.properties, **kept, **_FIXED}


def _one_folder(path: Path) -> str:
    """Give a path for a list of folders, which Spark splits at commas without a way to write one."""
    if "," in str(path):
        raise EngineError(f"Spark takes {path} for several folders: use a home without a comma in its path")
    return str(path)


def _driver(conf: SparkConf, log: Path) -> Any:
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        raise EngineError("Spark needs Java 17 or newer: install it or set JAVA_HOME, or run without --engine spark")
    with log.open("wb") as lines, _told(log):
        return launch_gateway(conf, {"stdout": lines, "stderr": lines})  # type: ignore[no-untyped-call]  # has none


def _uri(path: Path) -> str:
    """Give a path on the file system that all share, whatever Spark's default one is."""
    return f"file://{path.absolute()}"


def _pattern(path: Path) -> str:
    """Give a path to read, in which nothing stands for something else."""
    return re.sub(r"([\\{}\[\]*?])", r"\\\1", _uri(path))


@contextmanager
def _told(log: Path) -> Iterator[None]:
    """Turn Spark's failures into a sentence: what they say themselves may quote rows."""
    try:
        yield
    except _FAULTS as error:
        what = (error.getCondition() if isinstance(error, PySparkException) else None) or type(error).__name__
        raise EngineError(f"Spark failed ({what}); {log} says more") from error
