/*
 * Code of others, such as a map function in C++ or Rust, may throw. What is thrown must never reach
 * frames of the host that are further up. Least of all in a worker, where they are copies of what
 * the parent goes on with. A function that says UNWIND_ENDS_HERE first is the outermost one to all
 * who unwind, as that of glibc is which starts a thread: its return address is undefined. So nobody
 * is found who would catch, and the runtime of the language ends the process. The function must not
 * be inlined, and its calls must not be its last act, or there would be no frame.
 */
#ifndef COMMON_BASE_UNWIND_H
#define COMMON_BASE_UNWIND_H

/* Without such tables, unwinding ends there as it is. */
#if !defined(__GCC_HAVE_DWARF2_CFI_ASM)
#define UNWIND_ENDS_HERE() ((void)0)
#elif defined(__x86_64__)
#define UNWIND_ENDS_HERE() __asm__ volatile(".cfi_undefined rip")
#elif defined(__aarch64__)
#define UNWIND_ENDS_HERE() __asm__ volatile(".cfi_undefined x30")
#elif defined(__riscv)
#define UNWIND_ENDS_HERE() __asm__ volatile(".cfi_undefined ra")
#elif defined(__s390x__)
#define UNWIND_ENDS_HERE() __asm__ volatile(".cfi_undefined %r14")
#else
#error "which register holds the return address?"
#endif

#endif
