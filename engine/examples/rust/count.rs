// The three commonest words of files. For more of wordmill.h, bindgen makes the declarations.
//
//     rustc -O -L PREFIX/lib count.rs && ./count FILE...
use std::ffi::{c_char, c_int, c_void, CStr, CString};
use std::{env, io, io::Write, mem::MaybeUninit, process, ptr, slice};

/// The first fields of wm_options: size says how many are known here.
#[repr(C)]
struct Options {
    size: usize,
    workers: c_int,
    fan_in: u32,
    partition: [u64; 2],
    memory: u64,
    words: *const *const c_char,
    n_words: usize,
    top: u64,
}

#[repr(C)]
struct Error {
    code: c_int,
    message: [c_char; 512],
    reserved_number: u32,
    reserved: [u64; 15],
}

#[link(name = "wordmill")]
extern "C" {
    fn wm_options_init_size(options: *mut Options, size: usize);
    fn wm_run(
        options: *const Options, paths: *const *const c_char, n_paths: usize,
        result: *mut *mut c_void, error: *mut Error,
    ) -> c_int;
    fn wm_result_cursor(
        result: *const c_void, selection: *const c_void, cursor: *mut *mut c_void,
        error: *mut Error,
    ) -> c_int;
    fn wm_cursor_next(
        cursor: *mut c_void, word: *mut *const u8, size: *mut usize, counts: *mut *const u64,
        error: *mut Error,
    ) -> c_int;
    fn wm_cursor_free(cursor: *mut c_void);
    fn wm_result_free(result: *mut c_void);
}

fn main() -> io::Result<()> {
    let names: Vec<CString> = env::args().skip(1).map(|name| CString::new(name).unwrap()).collect();
    let paths: Vec<*const c_char> = names.iter().map(|name| name.as_ptr()).collect();
    unsafe {
        let mut options = MaybeUninit::<Options>::zeroed().assume_init();
        let mut error = MaybeUninit::<Error>::zeroed().assume_init();
        let (mut result, mut cursor) = (ptr::null_mut(), ptr::null_mut());
        wm_options_init_size(&mut options, std::mem::size_of::<Options>());
        options.top = 3;
        if wm_run(&options, paths.as_ptr(), paths.len(), &mut result, &mut error) < 0
            || wm_result_cursor(result, ptr::null(), &mut cursor, &mut error) < 0
        {
            eprintln!("{}", CStr::from_ptr(error.message.as_ptr()).to_string_lossy());
            process::exit(1);
        }
        let (mut word, mut size, mut counts) = (ptr::null(), 0, ptr::null());
        while wm_cursor_next(cursor, &mut word, &mut size, &mut counts, &mut error) > 0 {
            io::stdout().write_all(slice::from_raw_parts(word, size))?;
            println!("\t{}", *counts);
        }
        wm_cursor_free(cursor);
        wm_result_free(result);
    }
    Ok(())
}
