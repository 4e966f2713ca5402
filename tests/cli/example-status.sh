#!/bin/sh
# engine/examples/status.c: requests with quotes inside, and lines that have no code.
cat >log <<'END'
127.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "GET /index.html HTTP/1.0" 200 2326
::1 - frank [10/Oct/2000:13:55:37 -0700] "GET /a\"b 404 \"x\" HTTP/1.0" 404 12 "-" "agent \"500\""
::1 - - [10/Oct/2000:13:55:38 -0700] "GET / HTTP/1.0" 200 5
::1 - - [10/Oct/2000:13:55:38 -0700] "\x16\x03" 400 -
::1 - - [10/Oct/2000:13:55:38 -0700] "GET / HTTP/1.0" - 5
::1 - - [10/Oct/2000:13:55:38 -0700] "GET / HTTP/1.0" 20
::1 - - [10/Oct/2000:13:55:38 -0700] "GET / HTTP/1.0\
no request
END
"$EXAMPLES/status" log
"$EXAMPLES/status" || echo "status $?"
rm log
