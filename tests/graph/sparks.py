"""How Spark is started in tests: two cores, and no time spent on what pays off in long runs only."""

from __future__ import annotations

from configs import SparkSettings

PROPERTIES = {
    "spark.driver.memory": "1g",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "false",
}
SETTINGS = SparkSettings(master="local[2]", properties=PROPERTIES)
