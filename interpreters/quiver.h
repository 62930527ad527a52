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
// Complete programs, each for one way of embedding, stand in tests/embed/examples.
//
// Threads: every function may be called from any thread. A call enters the interpreter (takes its
// lock), does its work and leaves. A thread that makes many calls saves the locking by quiver_enter
// / quiver_leave around them. Different interpreters never wait for one another.
//
// Ownership: a QuiverValue * that a function returns is yours: give it back with quiver_release, or
// let a scope do it (quiver_scope_open). Arguments are borrowed. All values of an interpreter end
// with quiver_free. A `user` pointer that comes with a function to free it is taken in any case:
// when the call fails, it is freed before the call returns. Tables (QuiverFunctionDef, QuiverType,
// QuiverModule) and the strings in them are not copied: they must outlive the interpreter, as const
// data does.
//
// Errors: functions that return a pointer return NULL, those that return int return -1;
// quiver_error tells what it was. Nothing here calls abort or exit, installs a signal handler, or
// writes to a file that was not asked for.
//
// Mistakes of the host are errors, too (ValueError): NULL where something is needed, a value of
// another interpreter, a NULL interpreter. What cannot be noticed: a value used after its
// quiver_release, an interpreter used after its quiver_free (so a second one), a size that is
// larger than what the pointer points to.
//
// Functions of the host (functions, methods, destructors, the module loader) are called with the
// interpreter's lock held, by whichever thread runs the script (or drops the last reference), and
// may call everything here but quiver_free of the interpreter they are called in. The same table
// may serve several interpreters, on several threads at once. Those that run while the interpreter
// ends (destructors) find no __main__ any more: running, evaluating and importing then fail with
// RuntimeError.
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

typedef struct Quiver Quiver;             // one interpreter
typedef struct QuiverValue QuiverValue;   // a reference to a Python object of one interpreter
typedef struct QuiverModule QuiverModule; // a native module of the host: a const table
struct cJSON;                             // of <cjson/cJSON.h>, which you include yourself

// The version of the library that runs, as text: "0.1.0". Any thread; never NULL.
QV_API const char *quiver_version(void);
// The same as a number: major * 10000 + minor * 100 + patch.
QV_API int quiver_version_number(void);
// Whether this build has something: "threads", "sockets", "signals", "processes", "hash", "zlib",
// "stdlib" (the library in Python is where it was when Quiver was built), "checks" (a debug build),
// and "module:NAME" for a built-in module. False for unknown names, and NULL.
QV_API bool quiver_feature(const char *name);

// ---- creating and destroying --------------------------------------------------------------------

// A module's source, as QuiverConfig.load gives it; zeroed before the call.
typedef struct QuiverSource {
    const char *source;   // copied before the next call; a coding line is honoured
    size_t size;          // bytes; 0: up to the NUL
    const char *filename; // __file__, and what tracebacks show; copied; NULL: "<host>/a/b.py"
    bool is_package;      // it may have submodules, for which load is asked
    void (*release)(void *release_user); // called once source and filename are copied; or NULL
    void *release_user;
} QuiverSource;

// Capabilities: bits of QuiverConfig.deny.
enum {
    QUIVER_ALLOW_READ = 1 << 0,        // files and folders, what the system knows of its users
    QUIVER_ALLOW_WRITE = 1 << 1,       // files and folders, new pipes and the like, the system log
    QUIVER_ALLOW_ENV = 1 << 2,         // environment variables
    QUIVER_ALLOW_PROCESS = 1 << 3,     // other processes, signals, and what is the whole process's:
                                       // its working directory, umask, limits, end
    QUIVER_ALLOW_SOCKET = 1 << 4,      // sockets of all families, names of hosts
    QUIVER_ALLOW_THREAD = 1 << 5,      // new threads
    QUIVER_ALLOW_INTERPRETER = 1 << 6, // other interpreters
    QUIVER_ALLOW_NATIVE = 1 << 7,      // modules of the host, calls that take addresses (ioctl)
    QUIVER_ALLOW_ALL = (1 << 8) - 1
};

// Where a standard stream leads.
typedef enum QuiverStream {
    QUIVER_STREAM_DEFAULT, // HOST where the function is set, else INHERIT
    QUIVER_STREAM_INHERIT, // the process's own
    QUIVER_STREAM_NULL,    // nowhere; reading finds the end
    QUIVER_STREAM_HOST,    // config.write, config.read
    QUIVER_STREAM_CAPTURE, // kept for quiver_take_output
    QUIVER_STREAM_CHANNEL  // each write is sent to a channel as a bytes object
} QuiverStream;

// What becomes of output for which there is no room.
typedef enum QuiverOverflow {
    QUIVER_OVERFLOW_DROP_OLD, // CAPTURE: the oldest goes; CHANNEL: as DROP_NEW
    QUIVER_OVERFLOW_DROP_NEW, // the new goes, silently
    QUIVER_OVERFLOW_RAISE     // OSError (ENOSPC) in the script
} QuiverOverflow;

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
    const char *executable; // sys.executable
    size_t memory_limit; // bytes, as QUIVER_LIMIT_MEMORY counts; 0: none. What goes beyond raises
                         // MemoryError
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
    bool no_jit;    // no machine code is made of what runs often, and no memory is ever executable
    int check_pycs; // compiled files by hash: 0 each says whether its source is checked; 1 all are
                    // checked; -1 none is
    // This one is the process's main interpreter, and the calling thread its main thread: there
    // the module signal may set handlers, SIGINT raises KeyboardInterrupt and SIGPIPE is ignored.
    // For one interpreter at a time (false in the others: no signal is touched).
    bool signals;

    // ---- what the host adds; interpreters that scripts make have these, too ----
    // Native modules, for `import name`; ends with NULL; the tables are not copied. A built-in
    // module of the same name goes before.
    const QuiverModule *const *modules;
    // Where else modules come from (memory, an archive, a database): asked for each dotted name
    // that is not built in, before sys.path. Returns 1 with *ret filled in; 0: not mine; -1 after
    // quiver_raise. NULL: nowhere else.
    int (*load)(void *user, Quiver *q, const char *name, QuiverSource *ret);
    void *load_user;  // given to load
    void *json_block; // quiver_config_from_cjson's; NULL elsewhere

    // ---- capabilities: what scripts may reach. All zero: everything ----
    uint64_t deny; // QUIVER_ALLOW_* bits that are taken away. What is denied raises PermissionError
                   // (errno EPERM) "capability 'write' is denied: ...". Interpreters that a script
                   // makes get no more than their maker has
    // Reading and writing of files is allowed below these directories only (their number in n...;
    // 0: by `deny` alone). Links, "..", renames and descriptors do not lead out of them. One that
    // does not exist when the interpreter is made allows nothing. Needs /proc.
    const char *const *read_dirs;
    int nread_dirs;
    const char *const *write_dirs;
    int nwrite_dirs;
    // Modules that scripts may import; NULL: all. A name stands for the module, those inside it,
    // and the packages it is in. What modules of the standard library import themselves is not
    // asked about; what other modules of the host import is. It is no wall: modules that are loaded
    // can be reached through others; the walls are the bits of `deny`.
    const char *const *import_allow;
    int nimport_allow;
    int64_t clock_ns; // clocks of the modules time and datetime show multiples of this; 0: exact

    // ---- standard streams ----
    QuiverStream stdin_stream, stdout_stream, stderr_stream; // stdin: neither CAPTURE nor CHANNEL
    size_t capture_bytes;    // most that a CAPTURE stream keeps, each of the two; 0: 1 MiB
    QuiverOverflow overflow; // of CAPTURE, and of CHANNEL when a bounded channel is full
    uint64_t stdout_channel, stderr_channel; // for CHANNEL: the channel's id (of its ends in
                                             // Python)

    // ---- limits and stop (see quiver_set_limit); 0: none ----
    uint64_t time_limit;   // ns of wall-clock time, counted from the first code that runs
    uint64_t cpu_limit;    // ns of CPU time of the threads inside
    uint64_t fuel_limit;   // instructions
    uint64_t output_limit; // bytes
    uint64_t stop_grace; // ns that handlers of a script may still run after a limit is exceeded or
                         // quiver_stop was called; 0: 100 ms

    // ---- life ----
    // ns for all that scripts still run when the interpreter ends or is reset: threads that are no
    // daemons, exit functions, finalizers. What runs longer is stopped as by a time limit (with
    // LimitExceeded, and stop_grace). The limits of time, CPU time and fuel do not count then.
    // 0: as long as it takes; but a second where a thread of the script was unwound past its
    // handlers, since others may wait for what it has not done.
    uint64_t exit_budget;
} QuiverConfig;

// All defaults. NULL is fine.
QV_API void quiver_config_init(QuiverConfig *config);

// The profile for scripts that nobody trusts: every capability is denied, clocks show
// milliseconds, the process's stdin is not read (NULL, unless config->read is set), environment,
// site and user folders are ignored, no compiled files are written, exit functions have 100 ms.
// Import of the standard library and of what is in config->path still works: the importer may read
// there. Set limits beside it.
QV_API void quiver_config_sandbox(QuiverConfig *config);

// What a CAPTURE stream (fd 1 or 2) has got since the last call: *ret is yours (quiver_string_free;
// ends with a NUL that *size does not count), NULL when there was nothing. Any thread, at any time,
// without entering the interpreter. What scripts wrote may still be in their buffers: quiver_flush.
// Returns the number of bytes that were dropped since the last call; -1: no such stream, no memory.
QV_API int64_t quiver_take_output(Quiver *q, int fd, char **ret, size_t *size);

// Sets fields of an initialised config from a JSON object, by their names: {"memory_limit":
// 16777216, "argv": ["prog", "x"], "isolated": true, "stdout_stream": "null", "deny": ["write"]}.
// Enums are given by their last word in small letters, capabilities as a list of names; null leaves
// a field alone. Functions, pointers and tables cannot be given so. What config keeps of the tree
// is copied: quiver_config_fini gives it back, after quiver_new. 0, or -1 with a message that names
// the key in error (room bytes, always ended; NULL: not wanted); nothing has changed then. Needs no
// interpreter.
QV_API int quiver_config_from_cjson(QuiverConfig *config, const struct cJSON *tree, char *error,
                                    size_t room);
// Frees what quiver_config_from_cjson has copied, and empties the fields that hold texts. NULL, and
// a config that is not initialised, are fine.
QV_API void quiver_config_fini(QuiverConfig *config);

// A new interpreter; config NULL: all defaults. NULL: no memory (or config.load was given, and the
// standard library's importlib is not there). The calling thread has not entered it.
QV_API Quiver *quiver_new(const QuiverConfig *config);

// Ends it: exit functions and finalizers run (within config.exit_budget), threads inside are
// stopped and waited for, all memory goes back. NULL is fine. Any thread that is not inside it. -1
// (and nothing happens) when the calling thread is inside it, which is its error then
// (RuntimeError), or another thread is ending it; 1 when it has ended but what sys.stdout or
// sys.stderr still held could not be written.
QV_API int quiver_free(Quiver *q);

// Makes it as new, as if it were freed and made again with its config, but cheaper: exit functions
// and finalizers run, threads inside are stopped and waited for, all objects go, its limits,
// streams (what was captured) and descriptors are as in the beginning. What stays: the Quiver *,
// its id and what scripts of other interpreters know of it (Interpreter objects), quiver_stats'
// counters of allocations, time, waits and messages, and up to 512 KiB of memory. Values, views and
// registered functions are gone as after quiver_free; what was set with quiver_set_limit and
// quiver_register must be set again. With config.signals the calling thread becomes the main
// thread. 0, 1 and -1 as quiver_free; -1 also when there is no memory: then it is empty, all calls
// fail, and quiver_free is all that can be done with it. Not while a thread of the host makes other
// calls with values of it, as with quiver_free.
QV_API int quiver_reset(Quiver *q);

// ---- pools --------------------------------------------------------------------------------------

// Interpreters that are made before they are needed, and serve again. Every function but
// quiver_pool_free may be called from any thread at any time.
typedef struct QuiverPool QuiverPool;

// A pool that keeps up to n idle interpreters of this config (NULL: all defaults), and makes them
// now. What config points to must stay until quiver_pool_free. NULL: no memory.
QV_API QuiverPool *quiver_pool_new(const QuiverConfig *config, size_t n);
// An interpreter as new, yours: an idle one, or a new one when none is left. NULL: no memory. It is
// given back with quiver_pool_release, or ended with quiver_free.
QV_API Quiver *quiver_pool_acquire(QuiverPool *pool);
// Gives back one that came from this pool. It is reset by the calling thread (quiver_reset), or
// ended where n others are idle. q must not be used any more. NULL is fine. 0; 1 when output was
// lost; -1, and q is yours still, when the calling thread is inside it.
QV_API int quiver_pool_release(QuiverPool *pool, Quiver *q);
// How many are idle now.
QV_API size_t quiver_pool_idle(QuiverPool *pool);
// Ends those that are idle, and the pool. Those that are out are not touched: end them with
// quiver_free. NULL is fine.
QV_API void quiver_pool_free(QuiverPool *pool);

// Takes the interpreter's lock for a series of calls; nests. 0, or -1: it is being destroyed, or no
// memory. quiver_leave without quiver_enter does nothing; a host function that runs with the lock
// held can leave only what it entered.
QV_API int quiver_enter(Quiver *q);
QV_API void quiver_leave(Quiver *q);

// Around waiting of the host while this thread is inside (in a host function, or after
// quiver_enter): between them other threads run in the interpreter. Nothing of it may be looked at
// meanwhile (views can: quiver_view_bytes); calls of quiver.h enter and leave for themselves.
// begin: 0, or -1 when this thread does not hold the lock. end takes the lock again; 0, or -1 when
// a host function was waiting and the script shall stop: it should return NULL at once. A host
// function that forgets the end gets it when it returns.
QV_API int quiver_blocking_begin(Quiver *q);
QV_API int quiver_blocking_end(Quiver *q);

// Asks whatever runs in it to stop, as Ctrl-C does: KeyboardInterrupt is raised once, at its next
// safepoint, also inside long built-ins, waits and system calls that wait. It goes to a thread of
// the host that is inside, where there is one, else to one that the script has started. A script
// may catch it and go on (quiver_stop lasts). Any thread, also a signal handler.
QV_API void quiver_interrupt(Quiver *q);

// The same, for good: KeyboardInterrupt is raised in all threads inside, and again wherever one is
// caught, until the calls that now run have returned. except and finally blocks that the exception
// enters may run for config.stop_grace; after that, or when a script has caught it a hundred times,
// nothing of it runs any more: its calls are unwound past all handlers. Locks of threading that an
// unwound call had taken are let go. Calls that begin later run as ever. Any thread, also a signal
// handler.
QV_API void quiver_stop(Quiver *q);

// ---- limits -------------------------------------------------------------------------------------

// A script that goes beyond
//   MEMORY     gets MemoryError "memory limit of N bytes exceeded" where it asked for more;
//   RECURSION  gets RecursionError;
//   any other  is stopped as by quiver_stop, in all threads of the interpreter, with LimitExceeded
//              instead of KeyboardInterrupt. That is a BaseException (Python code finds it as
//              concurrent.interpreters.LimitExceeded; it is no name of builtins); its attribute
//              `limit` is "time", "cpu", "fuel" or "output", its text says the amount ("time limit
//              of 1.5 s exceeded"). As long as the limit is not set anew, whatever is to run ends
//              so. Then the interpreter is as usable as before.
// An interpreter that a script makes lives on its maker's limits: memory, CPU time, fuel and output
// are lent to it (at most half of what the maker has left, which is what it gets when it is given
// none), and what it leaves comes back when it ends; its time ends with its maker's.
typedef enum QuiverLimit {
    // Bytes of its heap (config.memory_limit), and of what the process holds for it: messages that
    // it has sent and nobody has received, until they are freed, shared and moved buffers, channels
    // and queues that it has opened, register stacks and frames of deep calls, its threads (64 KiB
    // each), interpreters of its scripts, buffers of formatting, marshalling, normalising and
    // importing. Not counted, since it is bounded or the host's choice: captured output
    // (config.capture_bytes); values that C code holds; C stacks (16 MiB of address space a thread,
    // of which recursion touches what its limit lets); the first 64 KiB of a thread's register
    // stack and of its frames; the collector's lists while it runs (16 bytes for each container,
    // and it must run when memory is short); a line of source in a traceback (1 MiB); compiled
    // files, kept once per process (lib/code/cache.c); names and addresses of the system's tables.
    QUIVER_LIMIT_MEMORY = 1,
    QUIVER_LIMIT_RECURSION, // nested calls (config.recursion_limit); 0: 1000. A script may change
                            // it
    QUIVER_LIMIT_TIME,      // ns of wall-clock time
    QUIVER_LIMIT_CPU,       // ns of CPU time that its threads spend inside, looked at every
                            // millisecond or so
    QUIVER_LIMIT_FUEL,      // instructions of Quiver's register code, each counted exactly; loops
                            // in built-in functions count one for each step or so. The same program
                            // needs the same amount every time, but not in another version
    QUIVER_LIMIT_OUTPUT     // bytes written to the host's write function, or to file descriptors 1
                            // and 2 by Python's file objects. What still fits is written
} QuiverLimit;

// Sets a limit, 0 removes it. The budgets TIME, CPU, FUEL and OUTPUT count from this call on. Any
// thread, also while a script runs (which notices at its next safepoint). 0, or -1: q is NULL,
// which is no limit, or no thread could be started that watches the clock.
QV_API int quiver_set_limit(Quiver *q, QuiverLimit which, uint64_t amount);

// What is left of it: UINT64_MAX without a limit; for RECURSION the limit itself; for a budget of
// the config that has not begun all of it. Any thread, while a script runs, too. 0/-1: q or ret is
// NULL, or which is no limit.
QV_API int quiver_limit_left(Quiver *q, QuiverLimit which, uint64_t *ret);

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
// Sets one. 0 / -1.
QV_API int quiver_set(Quiver *q, const char *name, QuiverValue *value);

// Calls f with nargs positional arguments and, where names is not NULL, nkw keyword arguments whose
// values follow them.
QV_API QuiverValue *quiver_call(Quiver *q, QuiverValue *f, QuiverValue *const *args, size_t nargs,
                                const char *const *names, size_t nkw);
// Calls the method `method` of o so.
QV_API QuiverValue *quiver_call_method(Quiver *q, QuiverValue *o, const char *method,
                                       QuiverValue *const *args, size_t nargs,
                                       const char *const *names, size_t nkw);

// ---- scopes: no leaks on error paths ------------------------------------------------------------

// From here on, all values that functions return to this thread belong to the scope: the matching
// quiver_scope_close releases those that are left. quiver_release of one is fine, and gives it back
// early (which looks through the scope from its end). Nests. Also enters the interpreter until the
// close. A host function has its own scopes: it does not see its caller's, and those that it leaves
// open are closed when it returns. 0 / -1: no memory, or the interpreter is being destroyed.
QV_API int quiver_scope_open(Quiver *q);
// Closes the innermost scope of this thread: its values are released, the latest first, but `keep`
// (NULL: none), to which you get a reference of your own (of the enclosing scope, where there is
// one). NULL for NULL, without a scope, and with an error for a bad value. The error of the call
// before stays, so that quiver_error works after a close.
QV_API QuiverValue *quiver_scope_close(Quiver *q, QuiverValue *keep);
// Takes a value out of this thread's scopes: you release it from now on. For what is to be stored.
// Returns value; outside scopes that is all it does. NULL with an error for a bad value.
QV_API QuiverValue *quiver_scope_keep(Quiver *q, QuiverValue *value);

// ---- what objects can do ------------------------------------------------------------------------

// o.name; AttributeError when there is none.
QV_API QuiverValue *quiver_attr(Quiver *q, QuiverValue *o, const char *name);
// Whether there is such an attribute: 1, 0, or -1 with another error than AttributeError.
QV_API int quiver_has_attr(Quiver *q, QuiverValue *o, const char *name);
// o.name = value. 0 / -1.
QV_API int quiver_set_attr(Quiver *q, QuiverValue *o, const char *name, QuiverValue *value);
// del o.name. 0 / -1.
QV_API int quiver_del_attr(Quiver *q, QuiverValue *o, const char *name);

// o[key]; KeyError, IndexError, or TypeError where o has no items.
QV_API QuiverValue *quiver_item(Quiver *q, QuiverValue *o, QuiverValue *key);
// o[index]; negative ones count from the end, as in Python.
QV_API QuiverValue *quiver_item_at(Quiver *q, QuiverValue *o, ptrdiff_t index);
// o["key"].
QV_API QuiverValue *quiver_item_named(Quiver *q, QuiverValue *o, const char *key);
// o[key] = value. 0 / -1.
QV_API int quiver_set_item(Quiver *q, QuiverValue *o, QuiverValue *key, QuiverValue *value);
// o["key"] = value. 0 / -1.
QV_API int quiver_set_item_named(Quiver *q, QuiverValue *o, const char *key, QuiverValue *value);
// del o[key]. 0 / -1.
QV_API int quiver_del_item(Quiver *q, QuiverValue *o, QuiverValue *key);
// len(o), or -1.
QV_API ptrdiff_t quiver_length(Quiver *q, QuiverValue *o);
// item in o: 1, 0 or -1.
QV_API int quiver_contains(Quiver *q, QuiverValue *o, QuiverValue *item);
// Puts a value behind the last of a list. 0, or -1 (TypeError for anything but a list).
QV_API int quiver_append(Quiver *q, QuiverValue *list, QuiverValue *value);
// Puts a value into a set. 0, or -1 (TypeError for anything but a set, and unhashable values).
QV_API int quiver_add(Quiver *q, QuiverValue *set, QuiverValue *value);

// iter(o): an iterator over any iterable object.
QV_API QuiverValue *quiver_iter(Quiver *q, QuiverValue *o);
// The next one: 1 with *ret (yours), 0 at the end with *ret NULL, -1.
//     while ((more = quiver_next(q, it, &item)) > 0) { ...; quiver_release(q, item); }
QV_API int quiver_next(Quiver *q, QuiverValue *it, QuiverValue **ret);
// Walks a dict in its order: *pos starts as 0 and is the library's own. 1 with *key and *value
// (both yours; either pointer may be NULL), 0 at the end, -1 (TypeError for anything but a dict).
// Values may be replaced meanwhile; when keys come or go, some may be missed or come twice.
QV_API int quiver_dict_next(Quiver *q, QuiverValue *dict, size_t *pos, QuiverValue **key,
                            QuiverValue **value);

typedef enum QuiverCompare {
    QUIVER_LT,
    QUIVER_LE,
    QUIVER_EQ,
    QUIVER_NE,
    QUIVER_GT,
    QUIVER_GE
} QuiverCompare;
// The truth of `a op b`: 1, 0 or -1.
QV_API int quiver_compare(Quiver *q, QuiverValue *a, QuiverValue *b, QuiverCompare op);
// a is b. False where either is NULL; never an error.
QV_API bool quiver_is(Quiver *q, QuiverValue *a, QuiverValue *b);
// hash(o) in *ret. 0, or -1 (TypeError: unhashable).
QV_API int quiver_hash(Quiver *q, QuiverValue *o, int64_t *ret);
// isinstance(o, cls); cls may be a tuple of classes. 1, 0 or -1.
QV_API int quiver_is_instance(Quiver *q, QuiverValue *o, QuiverValue *cls);
// callable(o): 1, 0 or -1.
QV_API int quiver_is_callable(Quiver *q, QuiverValue *o);
// type(o).
QV_API QuiverValue *quiver_type_of(Quiver *q, QuiverValue *o);
// type(o).__name__; a copy in *ret that quiver_string_free frees. 0 / -1.
QV_API int quiver_type_name(Quiver *q, QuiverValue *o, char **ret);

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
    QUIVER_OTHER,
    QUIVER_COMPLEX,
    QUIVER_HOST, // an instance of a QuiverType
    QUIVER_END   // an end of a channel (QuiverEnd)
} QuiverKind;
// Subclasses count as their base. FUNCTION: of Python, built-in, of the host; bound methods too.
QV_API QuiverKind quiver_kind(Quiver *q, QuiverValue *value);

// None, True and False: never NULL, and need no release.
QV_API QuiverValue *quiver_none(Quiver *q);
QV_API QuiverValue *quiver_bool(Quiver *q, bool v);
// Numbers. int_text: an int of any size, as int() reads it ("-12", "1_000"); ValueError.
QV_API QuiverValue *quiver_int(Quiver *q, int64_t v);
QV_API QuiverValue *quiver_uint(Quiver *q, uint64_t v);
QV_API QuiverValue *quiver_int_text(Quiver *q, const char *decimal);
QV_API QuiverValue *quiver_float(Quiver *q, double v);
QV_API QuiverValue *quiver_complex(Quiver *q, double re, double im);
// A str from UTF-8, copied; size -1: up to the NUL. UnicodeDecodeError.
QV_API QuiverValue *quiver_str(Quiver *q, const char *utf8, ptrdiff_t size);
// A bytes object; data is copied.
QV_API QuiverValue *quiver_bytes(Quiver *q, const void *data, size_t size);
// Collections with n items (borrowed; NULL with n 0). Sets: TypeError for what is unhashable.
QV_API QuiverValue *quiver_list(Quiver *q, QuiverValue *const *items, size_t n);
QV_API QuiverValue *quiver_tuple(Quiver *q, QuiverValue *const *items, size_t n);
QV_API QuiverValue *quiver_set_of(Quiver *q, QuiverValue *const *items, size_t n);
QV_API QuiverValue *quiver_frozenset_of(Quiver *q, QuiverValue *const *items, size_t n);
// An empty dict.
QV_API QuiverValue *quiver_dict(Quiver *q);

// Conversions to C. 0 / -1 with TypeError or OverflowError.
QV_API int quiver_to_bool(Quiver *q, QuiverValue *value, bool *ret); // truth of any object
QV_API int quiver_to_int(Quiver *q, QuiverValue *value, int64_t *ret);
QV_API int quiver_to_uint(Quiver *q, QuiverValue *value, uint64_t *ret);
QV_API int quiver_to_float(Quiver *q, QuiverValue *value, double *ret);
QV_API int quiver_to_complex(Quiver *q, QuiverValue *value, double *re, double *im);
// Decimal digits of an int of any size; a copy in *ret that quiver_string_free frees. ValueError
// beyond the limit of digits (int_max_str_digits).
QV_API int quiver_to_int_text(Quiver *q, QuiverValue *value, char **ret);
// UTF-8 text of a str, NUL-terminated; a copy in *ret that quiver_string_free frees. *ret_size may
// be NULL.
QV_API int quiver_to_str(Quiver *q, QuiverValue *value, char **ret, size_t *ret_size);
// The same for the content of bytes-like objects, for str() and for repr() of any object.
QV_API int quiver_to_bytes(Quiver *q, QuiverValue *value, char **ret, size_t *ret_size);
QV_API int quiver_to_text(Quiver *q, QuiverValue *value, char **ret, size_t *ret_size);
QV_API int quiver_repr(Quiver *q, QuiverValue *value, char **ret, size_t *ret_size);
// Frees a copy. NULL is fine; any thread; needs no interpreter.
QV_API void quiver_string_free(char *s);

// ---- views: no copy -----------------------------------------------------------------------------

// A look at memory of a value. It holds the value and keeps the memory where it is (a bytearray
// that is viewed cannot be resized) until quiver_view_release, also when the lock is left: who
// writes what scripts use meanwhile sees to it himself. Views are no values: neither scopes nor
// quiver_free end them.
typedef struct QuiverView {
    void *data;  // not to be written to where readonly; ends with a NUL for texts only
    size_t size; // bytes
    bool readonly;
    void *internal; // the library's; NULL: released
} QuiverView;

// The UTF-8 of a str: its own memory where it is ASCII, else a block that lives as long as the
// view. 0 / -1 with TypeError, or UnicodeEncodeError for lone surrogates; *ret is then empty.
QV_API int quiver_view_str(Quiver *q, QuiverValue *value, QuiverView *ret);
// The memory of a bytes-like object (bytes, bytearray, contiguous memoryview, array.array...).
// writable: TypeError where it is read-only. 0 / -1; *ret is then empty.
QV_API int quiver_view_bytes(Quiver *q, QuiverValue *value, bool writable, QuiverView *ret);
// Ends a view and empties it. NULL, and one that is empty, are fine. The error of the call before
// stays.
QV_API void quiver_view_release(Quiver *q, QuiverView *view);

// Memory of the host as a memoryview (format "B"). It must stay where it is until free(user) is
// called: when the last view of it has gone, at the latest by quiver_free. A script's views can be
// ended early by their method release(). writable: scripts may write to it. free may be NULL.
QV_API QuiverValue *quiver_memory(Quiver *q, void *data, size_t size, bool writable,
                                  void (*free)(void *user), void *user);

// ---- JSON ---------------------------------------------------------------------------------------

// Trees of cJSON (include <cjson/cJSON.h> yourself). None, bool, int, float, str, list, tuple and
// dict with str keys; ints beyond 2**53 lose digits as JSON numbers do; text with a NUL inside is
// refused (ValueError). From: numbers without fraction become int.
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

// A function with a signature in Python syntax, written once: it serves the parsing of arguments,
// error messages, inspect.signature and help().
//     {"scale", scale, "(x, /, factor=2, *, clip=None)", "Scales x."}
// args has one slot for each parameter, in order: NULL where the caller gave nothing (what stands
// after = is documentation; the function supplies it). *name gives a tuple, **name a dict or NULL.
// Only where *name is the last parameter, what it takes is not packed but follows the others in
// args; nargs tells how many there are. At most 24 parameters.
typedef struct QuiverFunctionDef {
    const char *name; // NULL: the end of a table
    QuiverFunction fn;
    const char *signature; // NULL: "(*args)"
    const char *doc;       // or NULL
} QuiverFunctionDef;
// Registers such a function as quiver_register does. ValueError for a bad signature.
QV_API int quiver_register_def(Quiver *q, const char *module, const QuiverFunctionDef *def,
                               void *user, void (*user_free)(void *user));
// Only the function object: for arguments, attributes, containers.
QV_API QuiverValue *quiver_function(Quiver *q, const QuiverFunctionDef *def, void *user,
                                    void (*user_free)(void *user));

// In a host function: sets the exception `type` (name of a built-in exception; RuntimeError for any
// other) and returns NULL. Elsewhere it is the error of this call. The error of a call that failed
// before in the same host function becomes its __context__ ("During handling of ...").
QV_API QuiverValue *quiver_raise(Quiver *q, const char *type, const char *message);
// The same with an exception object or class of any kind. cause: an exception (`raise ... from`),
// None for `from None`, or NULL. TypeError where exc is no exception.
QV_API QuiverValue *quiver_raise_value(Quiver *q, QuiverValue *exc, QuiverValue *cause);

// ---- objects of the host ------------------------------------------------------------------------

// A class whose instances carry a pointer of yours. `self` is the instance, `data` its pointer. All
// functions but destroy, traverse and clear return errors as host functions do: NULL or -1 after
// quiver_raise. What is NULL in the table the instances cannot do.
//
// Cycles: the collector sees the values that data holds through traverse alone. Without it, an
// instance that holds itself in the end (a callback that knows its owner) is kept until
// quiver_free. `user` of functions is not traversed: data that holds values belongs into a host
// object.

typedef int (*QuiverVisit)(void *ctx, QuiverValue *value);

typedef struct QuiverMethodDef {
    const char *name; // NULL: the end of a table; special names ("__add__") work
    QuiverValue *(*fn)(Quiver *q, QuiverValue *self, void *data, QuiverValue *const *args,
                       size_t nargs);
    const char *signature; // as in QuiverFunctionDef, without self; NULL: "(*args)"
    const char *doc;       // or NULL
} QuiverMethodDef;

typedef struct QuiverPropertyDef {
    const char *name; // NULL: the end of a table
    QuiverValue *(*get)(Quiver *q, QuiverValue *self, void *data);
    // value NULL: del. NULL: read-only.
    int (*set)(Quiver *q, QuiverValue *self, void *data, QuiverValue *value);
    const char *doc; // or NULL
} QuiverPropertyDef;

enum {
    QUIVER_TYPE_SUBCLASS = 1, // classes in Python may derive from it
    QUIVER_TYPE_DICT = 2      // instances take any attribute
};

typedef struct QuiverType {
    size_t struct_size; // sizeof(QuiverType)
    const char *name;   // "Name" or "module.Name"
    const char *doc;    // or NULL
    unsigned flags;     // QUIVER_TYPE_*
    // Makes *data when a script calls the class. NULL: only quiver_object makes instances.
    int (*init)(Quiver *q, QuiverValue *self, void **data, QuiverValue *const *args, size_t nargs);
    const char *init_signature; // as in QuiverFunctionDef; NULL: "(*args)"
    // The instance has gone: exactly once for each data, at the latest in quiver_free. It may
    // release values that data holds. NULL: nothing to free.
    void (*destroy)(Quiver *q, void *data);
    // Calls visit(ctx, v) for each value that data holds a reference to; stops at and returns its
    // first result that is not 0. Calls nothing else.
    int (*traverse)(void *data, QuiverVisit visit, void *ctx);
    // Releases the values that data holds, for the collector: the instance is part of a cycle that
    // nobody else holds. destroy follows. NULL: other members of the cycle must break it.
    void (*clear)(Quiver *q, void *data);
    const QuiverMethodDef *methods;      // ends with {0}; or NULL
    const QuiverPropertyDef *properties; // ends with {0}; or NULL
    QuiverValue *(*call)(Quiver *q, QuiverValue *self, void *data, QuiverValue *const *args,
                         size_t nargs);
    const char *call_signature;                                     // NULL: "(*args)"
    QuiverValue *(*repr)(Quiver *q, QuiverValue *self, void *data); // a str
    ptrdiff_t (*length)(Quiver *q, QuiverValue *self, void *data);  // -1: error
    int (*truth)(Quiver *q, QuiverValue *self, void *data);         // 1, 0, -1
    QuiverValue *(*get_item)(Quiver *q, QuiverValue *self, void *data, QuiverValue *key);
    // value NULL: del.
    int (*set_item)(Quiver *q, QuiverValue *self, void *data, QuiverValue *key, QuiverValue *value);
    int (*contains)(Quiver *q, QuiverValue *self, void *data, QuiverValue *item); // 1, 0, -1
    QuiverValue *(*iterate)(Quiver *q, QuiverValue *self, void *data);            // an iterator
    // As an iterator: 1 with *ret (taken), 0 at the end, -1. Where iterate is NULL, iter() of the
    // instance is the instance.
    int (*next)(Quiver *q, QuiverValue *self, void *data, QuiverValue **ret);
    // self op other: 1, 0, -1, or QUIVER_NOT_IMPLEMENTED. Without hash, instances are unhashable
    // then.
    int (*compare)(Quiver *q, QuiverValue *self, void *data, QuiverValue *other, QuiverCompare op);
    int (*hash)(Quiver *q, QuiverValue *self, void *data, int64_t *ret); // 0 / -1
} QuiverType;
#define QUIVER_NOT_IMPLEMENTED 2

// The class of a table in this interpreter: made by the first call, the same one afterwards.
// ValueError where the table is not right. Its attributes cannot be changed by scripts. Instances
// can be weakly referenced, and cannot be pickled or sent to another interpreter.
QV_API QuiverValue *quiver_type(Quiver *q, const QuiverType *type);
// A new instance around data, which it takes (destroy).
QV_API QuiverValue *quiver_object(Quiver *q, const QuiverType *type, void *data);
// The data of an instance of exactly this table (classes in Python that derive from it included).
// NULL, without an error, for any other value, and for an instance whose __init__ did not run.
QV_API void *quiver_host_data(Quiver *q, QuiverValue *value, const QuiverType *type);

// ---- native modules -----------------------------------------------------------------------------

typedef enum QuiverConstantKind {
    QUIVER_CONST_INT,
    QUIVER_CONST_FLOAT,
    QUIVER_CONST_STR
} QuiverConstantKind;

typedef struct QuiverConstant {
    const char *name; // NULL: the end of a table
    QuiverConstantKind kind;
    int64_t i;
    double f;
    const char *s; // UTF-8
} QuiverConstant;

// A module that `import name` finds in the interpreters whose config.modules has it.
struct QuiverModule {
    size_t struct_size; // sizeof(QuiverModule)
    const char *name;   // ASCII, without dots
    const char *doc;    // or NULL
    size_t state_size;  // bytes of state for each interpreter, zeroed when it is imported
    const QuiverFunctionDef *functions; // ends with {0}; their user is the state; or NULL
    const QuiverType *const *types;     // ends with NULL; or NULL
    const QuiverConstant *constants;    // ends with {0}; or NULL
    // Runs at the first import in an interpreter, when all of the above is in. 0, or -1 after
    // quiver_raise: the import fails, fini is called. NULL: nothing to do.
    int (*init)(Quiver *q, QuiverValue *module, void *state);
    // The module has gone; at the latest in quiver_free. May be NULL.
    void (*fini)(Quiver *q, void *state);
    int (*traverse)(void *state, QuiverVisit visit, void *ctx); // as in QuiverType; or NULL
};

// The state of a module in this interpreter; NULL when it is not imported (no error).
QV_API void *quiver_module_state(Quiver *q, const QuiverModule *module);

// ---- channels -----------------------------------------------------------------------------------

// Queues of messages between interpreters, and between them and threads of the host that are in
// none: what scripts know as the module `channels`. Channels belong to the process. Everything in
// this section but the functions that take a Quiver * needs no interpreter, and any thread may call
// it at any time.
//
//     QuiverEnd *jobs, *jobs_rx;
//     quiver_channel_open(100, "jobs", &jobs, &jobs_rx);
//     quiver_set(q, "jobs", quiver_from_end(q, jobs_rx)); // for a script: for job in jobs: ...
//     quiver_send_int(jobs, 42, QUIVER_FOREVER);
//     quiver_end_release(jobs); // the last sender: the script's loop ends
//
// Times to wait are nanoseconds: 0 does not wait, QUIVER_FOREVER (or any negative number) has no
// end. A thread that is inside an interpreter (a host function) lets go of its lock while it waits,
// and stops waiting when the script shall stop.
#define QUIVER_FOREVER   INT64_C(-1)
#define QUIVER_UNBOUNDED SIZE_MAX // as a capacity

typedef struct QuiverEnd QuiverEnd;         // one end of a channel, counted: the sender's or the
                                            // receiver's
typedef struct QuiverMessage QuiverMessage; // a value on its way; belongs to one holder at a time

// What functions without an interpreter answer: there is no quiver_error for them.
typedef enum QuiverStatus {
    QUIVER_OK = 0,
    QUIVER_TIMEOUT = 1,   // nothing came, or there was no room, in the time to wait
    QUIVER_ENDED = 2,     // receiving: all senders have gone (or it was shut), nothing is left
    QUIVER_BROKEN = 3,    // sending: nobody can receive it any more, or the channel was shut
    QUIVER_CANCELLED = 4, // quiver_end_cancel ended the wait
    QUIVER_STOPPED = 5,   // the thread is inside an interpreter whose script shall stop: a host
                          // function returns NULL at once
    QUIVER_NO_MEMORY = -1,
    QUIVER_INVALID = -2, // a mistake of the caller: NULL, the other kind of end, text that is no
                         // UTF-8, a tree that is no JSON
    QUIVER_UNFIT = -3    // the message is of another kind, or cannot be expressed so
} QuiverStatus;
// The status as an English text, like "time is over". Never NULL.
QV_API const char *quiver_status_text(QuiverStatus status);

// A new channel with room for `capacity` messages (0: a sender waits until a receiver is there;
// QUIVER_UNBOUNDED: never), and one reference to each of its ends, both yours. name (UTF-8, copied;
// NULL: none) is for statistics. OK, NO_MEMORY, or INVALID.
QV_API QuiverStatus quiver_channel_open(size_t capacity, const char *name, QuiverEnd **ret_sender,
                                        QuiverEnd **ret_receiver);
// One more reference to an end, yours: for another thread. end; NULL for NULL.
QV_API QuiverEnd *quiver_end_retain(QuiverEnd *end);
// Gives a reference back. With the sender's last one (scripts hold some, too) receivers get what is
// queued and then ENDED; with the receiver's last one what is queued is dropped, and sending is
// BROKEN. NULL is fine. Not while another thread uses this very reference.
QV_API void quiver_end_release(QuiverEnd *end);
// Ends the channel for everybody, whoever holds references: sending is BROKEN at once, receivers
// get what is queued. NULL is fine.
QV_API void quiver_end_shut(QuiverEnd *end);
// Wakes the threads of the host that now wait at this end by functions without a Quiver *: they
// answer CANCELLED. Later waits are as ever. NULL is fine.
QV_API void quiver_end_cancel(QuiverEnd *end);
// Whether it is a receiver. False for NULL.
QV_API bool quiver_end_is_receiver(const QuiverEnd *end);

// Sends a message. It is taken when the answer is OK, and stays yours (quiver_message_free) when it
// is anything else. msg NULL, which is what a maker of messages without memory gives, is INVALID.
QV_API QuiverStatus quiver_send(QuiverEnd *sender, QuiverMessage *msg, int64_t wait_ns);
// Make and send a message in one call; nothing is left when it is not sent.
QV_API QuiverStatus quiver_send_null(QuiverEnd *sender, int64_t wait_ns);
QV_API QuiverStatus quiver_send_bool(QuiverEnd *sender, bool v, int64_t wait_ns);
QV_API QuiverStatus quiver_send_int(QuiverEnd *sender, int64_t v, int64_t wait_ns);
QV_API QuiverStatus quiver_send_double(QuiverEnd *sender, double v, int64_t wait_ns);
QV_API QuiverStatus quiver_send_text(QuiverEnd *sender, const char *utf8, ptrdiff_t size,
                                     int64_t wait_ns); // a str; size -1: up to the NUL
QV_API QuiverStatus quiver_send_bytes(QuiverEnd *sender, const void *data, size_t size,
                                      int64_t wait_ns); // bytes; data is copied
QV_API QuiverStatus quiver_send_cjson(QuiverEnd *sender, const struct cJSON *tree,
                                      int64_t wait_ns); // tree is borrowed

// Receives a message: OK with *ret, yours (quiver_message_free). Otherwise *ret is NULL. A sender
// that waits for an acknowledgement (send(..., ack=True) of scripts) gets it.
QV_API QuiverStatus quiver_receive(QuiverEnd *receiver, QuiverMessage **ret, int64_t wait_ns);

// One of several things to do.
typedef struct QuiverCase {
    QuiverEnd *end;     // a sender or a receiver, borrowed
    QuiverMessage *msg; // sender: what to send; receiver: NULL, and what has come
} QuiverCase;
// Does exactly one of n cases, whichever can be done first, none preferred: OK, and *ret_at tells
// which; its msg is NULL (sent) or yours (received). All other messages stay where they are. Ends
// of channels that have ended or are broken are passed over; when all have: ENDED, or BROKEN where
// there is none to receive. CANCELLED: quiver_end_cancel of one of them. INVALID: n is 0, an end is
// NULL, or a msg is not as it should be.
QV_API QuiverStatus quiver_select(QuiverCase *cases, size_t n, int64_t wait_ns, size_t *ret_at);

// A descriptor for poll, epoll and event loops, to be read by nobody: it is readable while there is
// something to do at this end: a message to receive, or the end of the stream; room to send, a
// receiver that waits, or nobody who could receive. Made by the first call; it belongs to the
// channel, and is closed with it. Several threads that look may find that another was faster: use
// times to wait of 0. -1 with errno: no descriptor is left, or (EINVAL) end is NULL.
QV_API int quiver_end_fd(QuiverEnd *end);

// Makers of messages, yours; NULL: no memory. What scripts get: None, bool, int, float, bytes (a
// copy of data).
QV_API QuiverMessage *quiver_message_null(void);
QV_API QuiverMessage *quiver_message_bool(bool v);
QV_API QuiverMessage *quiver_message_int(int64_t v);
QV_API QuiverMessage *quiver_message_double(double v);
QV_API QuiverMessage *quiver_message_bytes(const void *data, size_t size);
// A str from UTF-8, copied; size -1: up to the NUL. NULL also where it is no UTF-8.
QV_API QuiverMessage *quiver_message_text(const char *utf8, ptrdiff_t size);
// A tree of cJSON (borrowed), as quiver_from_cjson makes values of it. NULL also where it is none,
// has texts that are no UTF-8, or is nested more than 1,000 deep.
QV_API QuiverMessage *quiver_message_cjson(const struct cJSON *tree);
// Memory of yours that is handed over without being copied; scripts get a memoryview of it (format
// "B"). It stays where it is until free(user) is called, once, on any thread, when the message and
// the last view have gone; also when the result is NULL, before the return. free may be NULL. It
// must not call into an interpreter. writable: scripts may write to it.
QV_API QuiverMessage *quiver_message_buffer(void *data, size_t size, bool writable,
                                            void (*free)(void *user), void *user);
// An end of a channel, which the message gets a reference of its own to. NULL for NULL.
QV_API QuiverMessage *quiver_message_end(QuiverEnd *end);
// Makes a message that is not sent yet go in front of those that are not urgent; among themselves
// urgent ones keep their order. Returns msg; NULL for NULL.
QV_API QuiverMessage *quiver_message_urgent(QuiverMessage *msg);
// Frees a message that was not sent. NULL is fine.
QV_API void quiver_message_free(QuiverMessage *msg);

// What a message is, as quiver_kind says of values. OTHER for NULL. bytearray and memoryview count
// as BYTES, frozenset as SET.
QV_API QuiverKind quiver_message_kind(const QuiverMessage *msg);
// The same in a word, finer: "NoneType", "int", "tuple", "bytearray", "function", "exception",
// "instance" (of a class), "channel end"; "" for NULL and what is no message. Never NULL.
QV_API const char *quiver_message_kind_name(const QuiverMessage *msg);
// Bytes that it takes on the way (memory that is handed over not included).
QV_API size_t quiver_message_size(const QuiverMessage *msg);

// Looks at a message, which stays as it is. OK, or UNFIT for other kinds of messages: bool; int and
// bool within 64 bits; float, int and bool (ints beyond 2**53 are rounded).
QV_API QuiverStatus quiver_message_to_bool(const QuiverMessage *msg, bool *ret);
QV_API QuiverStatus quiver_message_to_int(const QuiverMessage *msg, int64_t *ret);
QV_API QuiverStatus quiver_message_to_double(const QuiverMessage *msg, double *ret);
// UTF-8 text of a str, NUL-terminated; a copy in *ret that quiver_string_free frees. *ret_size may
// be NULL. OK, NO_MEMORY, or UNFIT: no str, or one with lone surrogates.
QV_API QuiverStatus quiver_message_to_text(const QuiverMessage *msg, char **ret, size_t *ret_size);
// The memory of bytes, bytearray or memoryview, where it is: *ret_data is good as long as the
// message, read-only, of any alignment.
QV_API QuiverStatus quiver_message_view(const QuiverMessage *msg, const void **ret_data,
                                        size_t *ret_size);
// A tree of cJSON, yours (cJSON_Delete), of plain data: None, bool, int, float, str, and lists,
// tuples and dicts with str keys of such. Ints beyond 2**53 lose digits; what comes twice in the
// message is there twice. UNFIT for anything else, with a text that says what and where in error
// (room bytes, always ended; NULL: not wanted): "message['jobs'][3] is set, which JSON cannot
// express". Also UNFIT: numbers that are not finite, lone surrogates, a NUL inside of text, values
// inside themselves, and more than 1,000 nested containers.
QV_API QuiverStatus quiver_message_to_cjson(const QuiverMessage *msg, struct cJSON **ret,
                                            char *error, size_t room);
// The end of a channel that the message is: a reference, yours.
QV_API QuiverStatus quiver_message_to_end(const QuiverMessage *msg, QuiverEnd **ret);

// Memory that was moved out of a message.
typedef struct QuiverBuffer {
    void *data;
    size_t size;
    bool writable;            // nobody else looks at it
    void (*free)(void *user); // how to end it: buffer.free(buffer.user), once, on any thread
    void *user;
} QuiverBuffer;
// Moves the memory of bytes, bytearray or memoryview out of a message without copying it. The
// message is used up when the answer is OK. Else (UNFIT, NO_MEMORY) it stays yours.
QV_API QuiverStatus quiver_message_take_buffer(QuiverMessage *msg, QuiverBuffer *ret);

// Counters of a channel, since it was opened.
typedef struct QuiverChannelStats {
    uint64_t id;                            // of the channel, never used again in this process
    char name[48];                          // what fits of it; "" without one
    size_t capacity;                        // QUIVER_UNBOUNDED
    size_t depth, high_water;               // messages queued now, and at most
    uint64_t messages, bytes;               // sent
    uint64_t received, received_bytes;      // messages that receivers have, and their bytes
    uint64_t send_waits, receive_waits;     // calls that had to wait
    uint64_t send_wait_ns, receive_wait_ns; // together
    uint32_t senders, receivers; // references to the ends, in scripts, messages and the host
    bool shut;
} QuiverChannelStats;
// The numbers of an end's channel now. False for NULL.
QV_API bool quiver_end_stats(const QuiverEnd *end, QuiverChannelStats *ret);
// Those of all channels of the process, oldest first, into list (up to max). How many there are.
QV_API size_t quiver_channels(QuiverChannelStats *list, size_t max);

// ---- channels and values of an interpreter ----
// These enter the interpreter and give errors as everything else does.

// An end as a value (channels.Sender, channels.Receiver) for scripts, with a reference of its own.
QV_API QuiverValue *quiver_from_end(Quiver *q, QuiverEnd *end);
// The end that a value is: a reference, yours. NULL with TypeError, or channels.ClosedError where
// the script has closed it.
QV_API QuiverEnd *quiver_to_end(Quiver *q, QuiverValue *value);
// A value as a message, yours (pickling may run Python). channels.NotShareableError.
QV_API QuiverMessage *quiver_to_message(Quiver *q, QuiverValue *value);
// The value of a message of any kind (which may import modules, and run what classes define). msg
// stays yours.
QV_API QuiverValue *quiver_from_message(Quiver *q, const QuiverMessage *msg);
// Sends a value: sender.send(value, timeout) of scripts. 0 / -1 with TimeoutError,
// channels.ClosedError, channels.NotShareableError, or what stops the script.
QV_API int quiver_send_value(Quiver *q, QuiverEnd *sender, QuiverValue *value, int64_t wait_ns);
// Receives a value: receiver.recv(timeout) of scripts. NULL with TimeoutError,
// channels.EndOfStream, or what stops the script.
QV_API QuiverValue *quiver_receive_value(Quiver *q, QuiverEnd *receiver, int64_t wait_ns);

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
// The same as a tree, yours (cJSON_Delete): "type", "module", "message", "traceback", "exit_code"
// (SystemExit only), "notes", "frames": [{"file", "line", "function"}] from the outermost to where
// it was raised, "cause" and "context": the like of the exceptions that it is chained to, or null.
// An error without an exception object has "type", "message" and "traceback" alone. NULL: no
// memory. The error stays.
QV_API struct cJSON *quiver_error_cjson(Quiver *q);
// The exception object, or NULL: there is no error, it came where there was no memory, or the
// interpreter reports uncaught exceptions itself (config.report_uncaught). The error stays, and
// with it what the exception's frames refer to, until this thread's next call.
QV_API QuiverValue *quiver_error_value(Quiver *q);
// Any exception object as CPython prints it, chained ones included; a copy in *ret that
// quiver_string_free frees. 0, or -1 (TypeError where it is no exception).
QV_API int quiver_format_exception(Quiver *q, QuiverValue *exc, char **ret);
// Forgets the error.
QV_API void quiver_error_clear(Quiver *q);

// ---- statistics, readable from any thread while it runs -----------------------------------------

typedef struct QuiverStats {
    uint64_t live_bytes; // of its heap now
    uint64_t peak_bytes;
    uint64_t allocations;      // made since it was created
    uint64_t collections;      // of the cycle collector
    uint64_t cpu_ns;           // spent by threads inside it
    uint64_t lock_waits;       // times a thread had to wait for its lock
    uint64_t lock_handovers;   // times a thread handed the lock to a waiter before it had done
    uint64_t collector_ns;     // time spent in collections
    uint64_t longest_pause_ns; // of them, the longest
    uint64_t containers;       // live objects that the collector looks after
    uint64_t slab_bytes;       // memory that it holds for small objects, used or not
    uint64_t memory_limit;     // bytes; 0: none
    uint64_t threads;          // OS threads inside, or waiting to enter
    uint64_t messages_sent, messages_received; // through channels
    uint64_t bytes_sent, bytes_received;
    uint64_t fuel_used; // instructions counted so far; they are while QUIVER_LIMIT_FUEL is set
} QuiverStats;
// The numbers now; any thread, never waits for the interpreter. Each is exact at some moment, not
// all at the same one. NULL does nothing.
QV_API void quiver_stats(Quiver *q, QuiverStats *ret);

// What its objects are, counted now (which walks its heap, with the lock held: milliseconds for
// each 100,000 objects): {"types": {"dict": {"objects": 17, "bytes": 5032}, ...}, "objects",
// "bytes" (sums of these), "live_bytes" (of quiver_stats)}. Classes of scripts count by their name.
// Objects that no container holds are left out, as is memory of the interpreter's own. Yours:
// cJSON_Delete.
QV_API struct cJSON *quiver_census(Quiver *q);

// What happens when all threads of all interpreters wait for channels or locks, without a deadline,
// and so nobody is left to serve them. It is a matter of the process, not of one interpreter's
// config: whether somebody may still come is known of all together or not at all.
typedef enum QuiverDeadlock {
    QUIVER_DEADLOCK_IGNORE, // they wait for ever (the default; it costs nothing)
    QUIVER_DEADLOCK_REPORT, // each thread's wait and stack go to file descriptor 2
    QUIVER_DEADLOCK_RAISE   // each wait for a channel raises channels.DeadlockError
} QuiverDeadlock;
// Sets it (any other value: only asks), as channels.on_deadlock() does for scripts. Returns what it
// was. Any thread, with or without an interpreter. The calling thread must be one that waits inside
// an interpreter, too, for a deadlock to be found: while it is outside it may still come and serve.
// Ends that C code holds count as somebody who may.
QV_API QuiverDeadlock quiver_on_deadlock(QuiverDeadlock what);

// Interpreters alive in the process.
QV_API size_t quiver_count(void);
// Bytes of all live heaps of the process (messages in flight included): what must come back to
// where it was.
QV_API uint64_t quiver_process_live_bytes(void);

#if defined(__cplusplus)
}
#endif

#endif
