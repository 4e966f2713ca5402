#!/bin/sh
# Without a /dev/shm that can be written to, as in many a container, nothing is missing.
hidden() {
    unshare -m sh -c 'mount -t tmpfs -o ro,size=4k none /dev/shm && exec "$@"' sh "$@"
}
hidden true 2>/dev/null || exit 77 # not root, or a container that does not allow it
"$WORDMILL" count "$SAMPLE" >expected
for workers in 0 2; do
    hidden "$WORDMILL" count -j "$workers" "$SAMPLE" | cmp - expected && echo "the same"
done
rm expected
