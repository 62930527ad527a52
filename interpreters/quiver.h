// SPDX-License-Identifier: MIT
// Quiver: Python 3.11 in your program, as many interpreters as you like, each with its own lock and
// heap.
//
//     #include <quiver.h>
//
//     Quiver *q = quiver_new(NULL);
//     if (quiver_run(q, "print(sum(range(10)))", "<hello>") < 0) {
//         fputs(quiver_error(q)->traceback, stderr);
//     }
//     quiver_free(q);
//
// Threads: every function may be called from any thread. A call enters the interpreter (takes its
// lock), does its work and leaves. A thread that makes many calls saves the locking by quiver_enter
// / quiver_leave around them. Different interpreters never wait for one another.
//
// Ownership: a QuiverValue * that a function returns is yours: give it back with quiver_release.
// Arguments are borrowed. All values of an interpreter end with quiver_free.
//
// Errors: functions that return a pointer return NULL, those that return int return -1;
// quiver_error tells what it was. Nothing here calls abort or exit, installs a signal handler, or
// writes to a file that was not asked for.
//
// Mistakes of the host are errors, too (ValueError): NULL where something is needed, a value of
// another interpreter, a NULL interpreter. What cannot be noticed: a value used after its
// quiver_release, an interpreter used after its quiver_free (so a second one), a size that is
// larger than what the pointer points to.
#ifndef QUIVER_H
#define QUIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__cplusplus)
extern "C" {
#endif

#define QV_API __attribute__((visibility("default")))

#define QUIVER_VERSION_MAJOR 0
#define QUIVER_VERSION_MINOR 1
#define QUIVER_VERSION_PATCH 0

typedef struct Quiver Quiver;           // one interpreter
typedef struct QuiverValue QuiverValue; // a reference to a Python object of one interpreter

// "0.1.0"
QV_API const char *quiver_version(void);

// ---- creating and destroying --------------------------------------------------------------------

// How an interpreter is to be. Zeroed with quiver_config_init, then changed. Strings are UTF-8 and
// copied.
typedef struct QuiverConfig {
    size_t struct_size; // set by quiver_config_init; lets later versions add fields
    int argc;           // sys.argv
    const char *const *argv;
    const char *stdlib_dir;  // folder of the standard library; NULL: as configured when Quiver was
                             // built
    const char *const *path; // sys.path entries before the standard library's; ends at npath
    int npath;
    const char *executable;   // sys.executable
    size_t memory_limit;      // bytes of its heap; 0: none. What goes beyond raises MemoryError
    uint32_t recursion_limit; // 0: 1000
    int optimize;             // 0, 1 (-O) or 2 (-OO)
    // Where print() and errors go: fd is 1 or 2. Returns 0, or -1 for an I/O error. NULL: the
    // process's own streams. Called with the interpreter's lock held, by the thread that prints; it
    // must not call back into the interpreter.
    int (*write)(void *user, int fd, const char *data, size_t size);
    // Where input() and sys.stdin read from: bytes put in data, 0 at the end, -1 for an error.
    // NULL: the process's own.
    ptrdiff_t (*read)(void *user, char *data, size_t size);
    void *user;                     // given to both
    bool no_site;                   // do not import site
    bool isolated;                  // ignore environment variables
    bool unbuffered;                // standard streams are not buffered
    bool dont_write_bytecode;       // keep no compiled files on disk
    bool interactive;               // sys.flags.interactive
    int verbose;                    // sys.flags.verbose
    const char *const *warnoptions; // like -W; ends at nwarn
    int nwarn;
    bool report_uncaught; // what quiver_run... leaves uncaught goes to sys.excepthook (SystemExit's
                          // text to sys.stderr), as in a program
    // What the options and variables of a command line set; sys.flags and sys show them.
    const char *const *orig_argv; // sys.orig_argv; ends at norig; NULL: as argv
    int norig;
    const char *const *xoptions; // sys._xoptions, "name" or "name=value"; ends at nxoptions
    int nxoptions;
    const char *pycache_prefix; // sys.pycache_prefix; NULL: none
    const char *stdio_encoding; // of the standard streams; NULL: UTF-8
    const char *stdio_errors;   // of stdin and stdout; NULL: strict
    int int_max_str_digits;     // 0: 4300; negative: no limit
    int bytes_warning;          // 1: str(bytes) and bytes == str warn (-b); 2: they raise
    bool ignore_env;            // PYTHONPATH and the like say nothing (isolated does it, too)
    int debug;                  // sys.flags.debug
    bool safe_path, no_user_site, quiet, inspect, dev_mode; // sys.flags
    bool locale_streams, warn_default_encoding; // sys.flags: not utf8_mode; warn_default_encoding
    const char *venv;      // folder of a virtual environment: sys.prefix, packages; NULL: none
    bool venv_system_site; // with one: the system's packages can be imported, too
    bool no_debug_ranges;  // tracebacks and co_positions() have lines but no columns
    int check_pycs; // compiled files by hash: 0 each says whether its source is checked; 1 all are
                    // checked; -1 none is
    // This one is the process's main interpreter, and the calling thread its main thread: there
    // the module signal may set handlers, SIGINT raises KeyboardInterrupt and SIGPIPE is ignored.
    // For one interpreter at a time (false in the others: no signal is touched).
    bool signals;
} QuiverConfig;

QV_API void quiver_config_init(QuiverConfig *config);

// A new interpreter; config NULL: all defaults. NULL: no memory. The calling thread has not entered
// it.
QV_API Quiver *quiver_new(const QuiverConfig *config);

// Ends it: exit functions and finalizers run, threads inside are stopped and waited for, all memory
// goes back. NULL is fine. -1 (and nothing happens) when the calling thread is inside it; 1 when it
// has ended but what sys.stdout or sys.stderr still held could not be written.
QV_API int quiver_free(Quiver *q);

// Takes the interpreter's lock for a series of calls; nests. 0, or -1: it is being destroyed, or no
// memory. quiver_leave without quiver_enter does nothing; a host function that runs with the lock
// held can leave only what it entered.
QV_API int quiver_enter(Quiver *q);
QV_API void quiver_leave(Quiver *q);

// Asks whatever runs in it to stop: KeyboardInterrupt is raised at its next safepoint. Any thread,
// also a signal handler.
QV_API void quiver_interrupt(Quiver *q);

// ---- running ------------------------------------------------------------------------------------

// Runs source text in the module __main__. filename is for messages. 0 / -1.
QV_API int quiver_run(Quiver *q, const char *source, const char *filename);
// The same for the content of a file: any bytes, a coding line is honoured.
QV_API int quiver_run_source(Quiver *q, const char *source, size_t size, const char *filename);
QV_API int quiver_run_file(Quiver *q, const char *path);
// Runs a module as a program, as `python -m name` does.
QV_API int quiver_run_module(Quiver *q, const char *name);
// The value of an expression in __main__.
QV_API QuiverValue *quiver_eval(Quiver *q, const char *expression);
// One interactive input: a statement whose value is shown through sys.displayhook. 0 done, 1 the
// text is not complete yet (a compound statement is with an empty line at its end), -1.
QV_API int quiver_run_interactive(Quiver *q, const char *source, const char *filename);

// Writes out what sys.stdout and sys.stderr still hold.
QV_API void quiver_flush(Quiver *q);

// What the compiler makes of a program, as text: its instructions, or its syntax tree. source NULL:
// the file of that name. *ret is yours: quiver_string_free.
QV_API int quiver_show_code(Quiver *q, const char *source, const char *filename, bool tree,
                            char **ret);

// Imports a module; the module.
QV_API QuiverValue *quiver_import(Quiver *q, const char *name);
// A global of __main__. NULL with NameError.
QV_API QuiverValue *quiver_get(Quiver *q, const char *name);
QV_API int quiver_set(Quiver *q, const char *name, QuiverValue *value);

QV_API QuiverValue *quiver_attr(Quiver *q, QuiverValue *o, const char *name);
QV_API int quiver_set_attr(Quiver *q, QuiverValue *o, const char *name, QuiverValue *value);
QV_API QuiverValue *quiver_item(Quiver *q, QuiverValue *o, QuiverValue *key);
QV_API int quiver_set_item(Quiver *q, QuiverValue *o, QuiverValue *key, QuiverValue *value);
QV_API ptrdiff_t quiver_length(Quiver *q, QuiverValue *o);

// Calls f with nargs positional arguments and, where names is not NULL, nkw keyword arguments whose
// values follow them.
QV_API QuiverValue *quiver_call(Quiver *q, QuiverValue *f, QuiverValue *const *args, size_t nargs,
                                const char *const *names, size_t nkw);

// ---- values -------------------------------------------------------------------------------------

QV_API void quiver_release(Quiver *q, QuiverValue *value);        // NULL is fine
QV_API QuiverValue *quiver_retain(Quiver *q, QuiverValue *value); // one more reference: value

typedef enum QuiverKind {
    QUIVER_NONE,
    QUIVER_BOOL,
    QUIVER_INT,
    QUIVER_FLOAT,
    QUIVER_STR,
    QUIVER_BYTES,
    QUIVER_LIST,
    QUIVER_TUPLE,
    QUIVER_DICT,
    QUIVER_SET,
    QUIVER_FUNCTION,
    QUIVER_OTHER
} QuiverKind;
// Subclasses count as their base. FUNCTION: of Python, built-in, of the host; bound methods too.
QV_API QuiverKind quiver_kind(Quiver *q, QuiverValue *value);

QV_API QuiverValue *quiver_none(Quiver *q);
QV_API QuiverValue *quiver_bool(Quiver *q, bool v);
QV_API QuiverValue *quiver_int(Quiver *q, int64_t v);
QV_API QuiverValue *quiver_float(Quiver *q, double v);
QV_API QuiverValue *quiver_str(Quiver *q, const char *utf8, ptrdiff_t size); // size -1: up to the
                                                                             // NUL
QV_API QuiverValue *quiver_bytes(Quiver *q, const void *data, size_t size);
QV_API QuiverValue *quiver_list(Quiver *q, QuiverValue *const *items, size_t n); // items borrowed
QV_API QuiverValue *quiver_tuple(Quiver *q, QuiverValue *const *items, size_t n);
QV_API QuiverValue *quiver_dict(Quiver *q);

// Conversions to C. 0 / -1 with TypeError or OverflowError.
QV_API int quiver_to_bool(Quiver *q, QuiverValue *value, bool *ret); // truth of any object
QV_API int quiver_to_int(Quiver *q, QuiverValue *value, int64_t *ret);
QV_API int quiver_to_float(Quiver *q, QuiverValue *value, double *ret);
// UTF-8 text of a str, NUL-terminated; a copy in *ret that quiver_string_free frees. *ret_size may
// be NULL.
QV_API int quiver_to_str(Quiver *q, QuiverValue *value, char **ret, size_t *ret_size);
QV_API int quiver_to_bytes(Quiver *q, QuiverValue *value, char **ret,
                           size_t *ret_size);                                        // bytes-like
                                                                                     // objects
QV_API int quiver_repr(Quiver *q, QuiverValue *value, char **ret, size_t *ret_size); // repr() of
                                                                                     // any object
QV_API void quiver_string_free(char *s);

// Trees of cJSON (include <cjson/cJSON.h> yourself). None, bool, int, float, str, list, tuple and
// dict with str keys; ints beyond 2**53 lose digits as JSON numbers do; text with a NUL inside is
// refused (ValueError). From: numbers without fraction become int.
struct cJSON;
QV_API struct cJSON *quiver_to_cjson(Quiver *q, QuiverValue *value);        // yours: cJSON_Delete
QV_API QuiverValue *quiver_from_cjson(Quiver *q, const struct cJSON *tree); // borrowed

// ---- functions of the host ----------------------------------------------------------------------

// Called with the lock held. args are borrowed; the result is a new reference (quiver_retain what
// you return from args), or NULL after quiver_raise. `user` is what was registered.
typedef QuiverValue *(*QuiverFunction)(Quiver *q, void *user, QuiverValue *const *args,
                                       size_t nargs);

// Puts fn as a global `name` into __main__ (module NULL) or into a module of that name, made when
// there is none yet. min_args <= nargs <= max_args is checked before it is called (max_args
// SIZE_MAX: no limit). user_free (may be NULL) is called with user when the function dies.
QV_API int quiver_register(Quiver *q, const char *module, const char *name, QuiverFunction fn,
                           size_t min_args, size_t max_args, void *user,
                           void (*user_free)(void *user));
// In a host function: sets the exception `type` (name of a built-in exception; RuntimeError for any
// other) and returns NULL. Elsewhere it is the error of this call.
QV_API QuiverValue *quiver_raise(Quiver *q, const char *type, const char *message);

// ---- errors as data -----------------------------------------------------------------------------

typedef struct QuiverError {
    const char *type;      // "ValueError"; "" when there is no error
    const char *message;   // str(exception)
    const char *traceback; // as CPython prints it, chained exceptions included
    int exit_code;         // for SystemExit: the code a program would end with; else 1
    bool is_exit;          // it is a SystemExit
} QuiverError;

// The last error of a call by this thread's latest call into q. Valid until the next call into q.
// Never NULL.
QV_API const QuiverError *quiver_error(Quiver *q);
QV_API struct cJSON *quiver_error_cjson(Quiver *q); // {"type", "message", "traceback"}; yours
QV_API void quiver_error_clear(Quiver *q);

// ---- statistics, readable from any thread while it runs -----------------------------------------

typedef struct QuiverStats {
    uint64_t live_bytes; // of its heap now
    uint64_t peak_bytes;
    uint64_t allocations; // made since it was created
    uint64_t collections; // of the cycle collector
    uint64_t cpu_ns;      // spent by threads inside it (up to their latest leave)
    uint64_t lock_waits;  // times a thread had to wait for its lock
} QuiverStats;
QV_API void quiver_stats(Quiver *q, QuiverStats *ret);

// Interpreters alive in the process.
QV_API size_t quiver_count(void);
// Bytes of all live heaps of the process (messages in flight included): what must come back to
// where it was.
QV_API uint64_t quiver_process_live_bytes(void);

#if defined(__cplusplus)
}
#endif

#endif
