#!/bin/sh
# engine/examples/column.c: a map function that reads CSV.
printf 'id,colour,size\r\n1,red,9\r\n2,"dark ""red"", or so",9\r\n3,red,\r\n4,,8\r\n' >f
printf '5\n6,"no end\n7,"a"b,9\n8,"red",1' >>f
for column in 1 2 3; do
    echo "column $column"
    "$EXAMPLES/column" "$column" f
done
"$EXAMPLES/column" 0 f
echo "exit $?"
"$EXAMPLES/column" 1 nothing
echo "exit $?"
rm f
