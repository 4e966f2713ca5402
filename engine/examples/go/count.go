// The three commonest words of files.
//
//	go build && ./count FILE...
package main

/*
#cgo pkg-config: wordmill
#include <stdlib.h>
#include <wordmill.h>
static void init(wm_options *o) { wm_options_init(o); }
*/
import "C"

import (
	"fmt"
	"os"
	"unsafe"
)

func main() {
	// What C keeps must lie in C's memory.
	paths := make([]*C.char, len(os.Args)-1)
	for i, name := range os.Args[1:] {
		paths[i] = C.CString(name)
		defer C.free(unsafe.Pointer(paths[i]))
	}
	var options C.wm_options
	var result *C.wm_result
	var cursor *C.wm_cursor
	var failure C.wm_error
	C.init(&options)
	options.top = 3
	if C.wm_run(&options, unsafe.SliceData(paths), C.size_t(len(paths)), &result, &failure) < 0 ||
		C.wm_result_cursor(result, nil, &cursor, &failure) < 0 {
		fmt.Fprintln(os.Stderr, C.GoString(&failure.message[0]))
		os.Exit(1)
	}
	defer C.wm_result_free(result)
	defer C.wm_cursor_free(cursor)
	var word *C.char
	var size C.size_t
	var counts *C.uint64_t
	for C.wm_cursor_next(cursor, &word, &size, &counts, &failure) > 0 {
		fmt.Printf("%s\t%d\n", C.GoBytes(unsafe.Pointer(word), C.int(size)), uint64(*counts))
	}
}
