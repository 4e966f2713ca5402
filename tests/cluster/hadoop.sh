#!/bin/sh
# YARN with one node on this machine, and files instead of HDFS.
set -eu
# shellcheck source=tests/cluster/engine.sh
. "${root:?run tests/cluster/run.sh}/tests/cluster/engine.sh"
(need maven openjdk-17-jre-headless) || skip "no Java or Maven can be installed"
jars=$INSTALLED/hadoop
version=3.3.4

if [ ! -e "$jars/done" ]; then
    {
        echo '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
        echo '<groupId>wordmill</groupId><artifactId>cluster</artifactId><version>1</version>'
        echo '<packaging>pom</packaging><dependencies>'
        # Those of YARN first: the others leave out what it needs.
        for artifact in yarn-server-resourcemanager yarn-server-nodemanager \
            yarn-server-timelineservice streaming mapreduce-client-jobclient mapreduce-client-app \
            mapreduce-client-shuffle; do
            echo "<dependency><groupId>org.apache.hadoop</groupId>" \
                "<artifactId>hadoop-$artifact</artifactId><version>$version</version></dependency>"
        done
        echo '</dependencies></project>'
    } >pom.xml
    mvn -q -B dependency:copy-dependencies -DoutputDirectory="$jars" >mvn.log 2>&1 ||
        skip "Maven cannot install Hadoop: $(grep -m1 ERROR mvn.log)"
    touch "$jars/done"
fi

# site FILE, with lines of name and value on standard input.
site() {
    echo '<configuration>'
    while read -r name value; do
        echo "<property><name>$name</name><value>$value</value></property>"
    done
    echo '</configuration>'
}
port=$(free_ports 9)
mkdir conf bin
fifo=org.apache.hadoop.yarn.server.resourcemanager.scheduler.fifo.FifoScheduler
site >conf/core-site.xml <<EOF
fs.defaultFS file:///
hadoop.tmp.dir $here/tmp
EOF
site >conf/yarn-site.xml <<EOF
yarn.resourcemanager.address localhost:$port
yarn.resourcemanager.scheduler.address localhost:$((port + 1))
yarn.resourcemanager.resource-tracker.address localhost:$((port + 2))
yarn.resourcemanager.admin.address localhost:$((port + 3))
yarn.resourcemanager.webapp.address localhost:$((port + 4))
yarn.resourcemanager.scheduler.class $fifo
yarn.nodemanager.hostname localhost
yarn.nodemanager.address localhost:$((port + 5))
yarn.nodemanager.localizer.address localhost:$((port + 6))
yarn.nodemanager.webapp.address localhost:$((port + 7))
yarn.nodemanager.aux-services mapreduce_shuffle
yarn.nodemanager.resource.memory-mb 3072
yarn.nodemanager.resource.cpu-vcores 8
yarn.nodemanager.vmem-check-enabled false
yarn.nodemanager.disk-health-checker.enable false
yarn.scheduler.minimum-allocation-mb 256
yarn.application.classpath $here/conf:$jars/*
EOF
site >conf/mapred-site.xml <<EOF
mapreduce.framework.name yarn
mapreduce.application.classpath $jars/*
mapreduce.shuffle.port $((port + 8))
mapreduce.job.maps 4
mapreduce.map.memory.mb 512
mapreduce.map.java.opts -Xmx256m -XX:+UseSerialGC
mapreduce.reduce.memory.mb 512
mapreduce.reduce.java.opts -Xmx256m -XX:+UseSerialGC
yarn.app.mapreduce.am.resource.mb 512
yarn.app.mapreduce.am.command-opts -Xmx384m --add-opens java.base/java.lang=ALL-UNNAMED
yarn.app.mapreduce.am.staging-dir $here/staging
EOF
cat >conf/log4j.properties <<EOF
log4j.rootLogger=INFO,console
log4j.appender.console=org.apache.log4j.ConsoleAppender
log4j.appender.console.target=System.err
log4j.appender.console.layout=org.apache.log4j.PatternLayout
log4j.appender.console.layout.ConversionPattern=%d{HH:mm:ss} %p %c{2}: %m%n
EOF
# Of Hadoop's own script, which is not on Maven Central, what is needed.
cat >bin/mapred <<EOF
#!/bin/sh
case \$1 in
streaming) class=streaming.HadoopStreaming ;;
job) class=mapred.JobClient ;;
esac
shift
exec java -Xmx512m -cp '$here/conf:$jars/*' "org.apache.hadoop.\$class" "\$@"
EOF
chmod +x bin/mapred
PATH="$here/bin:$PATH"

daemon() {
    start "$1.log" java -Xmx300m --add-opens java.base/java.lang=ALL-UNNAMED \
        -Dyarn.log.dir="$here/logs" -cp "$here/conf:$jars/*" "org.apache.hadoop.yarn.server.$1"
}
daemon resourcemanager.ResourceManager
daemon nodemanager.NodeManager
wait_for grep -q "Registered with ResourceManager" nodemanager.NodeManager.log ||
    give_up "YARN does not start"

engine_count() { sh "$recipes/hadoop.sh" 2 "$1" "$2"; }
engine_parts() { cat "$1"/part-*; }
count_all

# The job's counters are those of the mappers.
counter() { sed -n "/^[[:space:]]*wordmill\$/,\$s/^[[:space:]]*$2=//p" "$1.log" | head -n 1; }
lines=$(wc -l <../in/made)
[ "$(counter made lines)" = "$lines" ] ||
    give_up "the counter says $(counter made lines) lines of $lines"

# shellcheck disable=SC2016 # the task expands it
kill_one '$mapreduce_task_attempt_id' mapred job -kill-task
