# Spark: each partition goes through count before the shuffle, and through sum after it.
#
#     spark-submit spark.py PARTITIONS OUTPUT INPUT...
import os, sys
from pyspark import SparkContext

partitions, output, inputs = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
path = {"PATH": os.environ["PATH"]}  # or there is none
lines = SparkContext(appName="wordmill").textFile(",".join(inputs), partitions)
counted = lines.pipe("wordmill count -j 1", path, checkCode=True)
shuffled = counted.map(lambda line: line.rsplit("\t", 1)).partitionBy(partitions)
shuffled.map("\t".join).pipe("wordmill sum -j 1", path, checkCode=True).saveAsTextFile(output)
