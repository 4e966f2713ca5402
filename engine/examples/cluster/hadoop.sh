#!/bin/sh
# Hadoop Streaming: mappers count their splits of the input, reducers add up what they found.
#
#     sh hadoop.sh REDUCERS OUTPUT INPUT...
#
# Each task gets the command as a file. If it is the static one (engine/package/static.sh), nodes need
# nothing installed.
set -eu
reducers=$1 output=$2
shift 2
for input; do set -- "$@" -input "$input" && shift; done
mapred streaming -D mapreduce.job.reduces="$reducers" -files "$(command -v wordmill)" \
    -mapper "./wordmill count" -combiner "./wordmill sum --sorted" \
    -reducer "./wordmill sum --sorted" -output "$output" "$@"
