#!/bin/sh
# A Spark cluster of two executors, each a process of its own.
set -eu
# shellcheck source=tests/cluster/engine.sh
. "${root:?run tests/cluster/run.sh}/tests/cluster/engine.sh"
(need python3 python3-venv openjdk-17-jre-headless) || skip "no Java or Python can be installed"
if [ ! -e "$INSTALLED/spark/done" ]; then
    python3 -m venv "$INSTALLED/spark"
    "$INSTALLED/spark/bin/pip" install -q 'pyspark==3.5.*' || skip "pip cannot install pyspark"
    touch "$INSTALLED/spark/done"
fi
SPARK_HOME=$("$INSTALLED/spark/bin/python" -c 'import pyspark; print(pyspark.__path__[0])')
export SPARK_HOME PYSPARK_PYTHON="$INSTALLED/spark/bin/python" SPARK_LOCAL_IP=127.0.0.1

engine_count() {
    "$SPARK_HOME/bin/spark-submit" --master 'local-cluster[2,1,1024]' \
        --conf spark.driver.host=localhost --conf spark.local.dir="$here/local" \
        --conf spark.ui.enabled=false "$recipes/spark.py" 4 "$1" "$2"
}
engine_parts() { cat "$1"/part-*; }
count_all

# shellcheck disable=SC2016 # the task expands it
kill_one '$$' kill -KILL
