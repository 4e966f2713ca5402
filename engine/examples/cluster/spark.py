# Spark: each partition goes through count before the shuffle, and through sum after it.
#
#     spark-submit --files /path/to/wordmill spark.py PARTITIONS OUTPUT INPUT...
#
# Executors get the file in their folder, which is last in PATH; the static command (made by
# engine/package/static.sh) needs nothing installed there. Without --files it is an installed one.
import os, sys
from pyspark import SparkContext

partitions, output, inputs = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
path = {"PATH": os.environ["PATH"] + ":."}  # or there is none
lines = SparkContext(appName="wordmill").textFile(",".join(inputs), partitions)
counted = lines.pipe("wordmill count -j 1", path, checkCode=True)
shuffled = counted.map(lambda line: line.rsplit("\t", 1)).partitionBy(partitions)
shuffled.map("\t".join).pipe("wordmill sum -j 1", path, checkCode=True).saveAsTextFile(output)
