// SPDX-License-Identifier: MIT
// The shape of an interpreter: one small struct for each owner. Its life is in interpreters/.
//
// Everything mutable that one interpreter has is reachable from here and dies with it. Whoever
// touches a field holds the interpreter's lock, except where a comment says atomic.
#ifndef QV_OBJECT_INTERP_H
#define QV_OBJECT_INTERP_H

#include "base/heap.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/object.h"
#include "object/shape.h"

#define QV_JIT_HEAT      (QV_DEBUG ? 17 : 1021) // jumps and calls between two samples; prime (vm/jit.h)
#define QV_SMALL_INT_MIN (-5)
#define QV_SMALL_INT_MAX 1024
#define QV_SMALL_INTS    (QV_SMALL_INT_MAX - QV_SMALL_INT_MIN + 1)

// The cached ints are 24 KiB, of which most interpreters ask for the first few only: they are made
// in steps, and the pages of the others are not touched.
typedef struct QvIntCache {
    QvInt small[QV_SMALL_INTS]; // immortal, owner-stamped; those from small_ints on are not made
} QvIntCache;

typedef struct QvStrTable {
    QvObj **slots; // open addressing; borrowed: a dying interned str removes itself
    uint32_t cap, used, dead;
    QvObj *latin1[256]; // one-character strings, made on demand, owned
    QvObj *empty;       // unused: "" is sealed
} QvStrTable;

typedef struct QvFreeLists {
    void *lists[16]; // per kind, see the owner types' files
    uint16_t counts[16];
} QvFreeLists;

// One entry of the method cache: (version, name) -> what the mro has.
typedef struct QvMethodCacheEntry {
    uint32_t version;
    QvObj *name; // owned interned str (a borrowed one could die and its address serve another name)
    QvObj *value; // borrowed, NULL: the mro has none; lives as long as the version
} QvMethodCacheEntry;
#define QV_METHOD_CACHE 512

// What an attribute site that has met more than one type finds for (type version, name, use): the
// megamorphic cache of Hoelzle's polymorphic inline caches, one for the interpreter. An entry holds
// while the word `at` bytes into the object is `guard`: its shape, or its type where nothing more
// is to be known. The name needs no reference: the shape, or the dict of the class, has it as long
// as the entry can be hit.
typedef struct QvAttrEntry {
    uint32_t version; // of the type; 0: free
    uint32_t at;
    uintptr_t key; // address of the interned name, plus QvAttrUse
    uintptr_t guard;
    size_t offset;  // of the value in the object
    QvObj *value;   // loads: what the class has (borrowed), else NULL
    QvShape *after; // stores that add the name: the shape then, else NULL
} QvAttrEntry;
#define QV_ATTR_CACHE_BITS 9
#define QV_ATTR_CACHE      (1 << QV_ATTR_CACHE_BITS)
extern const QvAttrEntry qv_no_attrs[QV_ATTR_CACHE]; // all free

typedef enum QvAttrUse { QV_ATTR_LOAD, QV_ATTR_STORE, QV_ATTR_METHOD } QvAttrUse;

// Mutable part of a static type.
typedef struct QvStaticState {
    QvType **subclasses; // borrowed heap types of this interpreter
    uint32_t nsubclasses, cap_subclasses;
} QvStaticState;

typedef struct QvTypeTable {
    QvStaticState *statics;    // by type id, allocated on first use
    uint32_t next_version;     // for heap types
    uintptr_t mro_stamp;       // of the mro made last
    QvMethodCacheEntry *cache; // QV_METHOD_CACHE entries; qv_shared.no_cache until the first use
    const QvAttrEntry *attrs;  // QV_ATTR_CACHE entries; qv_no_attrs until a site has met two types
} QvTypeTable;

// Poll flag bits: why the eval loop should stop at a safepoint.
enum {
    QV_POLL_LOCK = 1 << 0,   // another thread wants the lock
    QV_POLL_SIGNAL = 1 << 1, // a signal handler is due (main interpreter)
    QV_POLL_STOP = 1 << 2,   // interrupt(), deadline, fuel
    QV_POLL_GC = 1 << 3,     // the collector is due
    QV_POLL_CALLS = 1 << 4,  // pending calls (async exceptions, host calls)
    QV_POLL_ALONE = 1 << 6,  // never set; to hooks.safepoint: nothing but the other reason given
    QV_POLL_FUEL = 1 << 5,   // always set while fuel is counted: work inside built-ins counts, too
};

// What a handled exception stack entry looks like (per frame that handles, per generator).
typedef struct QvExcInfo {
    QvObj *value;           // the exception being handled, or NULL
    struct QvExcInfo *prev; // outer
} QvExcInfo;

struct QvThread {
    QvInterp *qi;
    QvThread *prev, *next; // interpreter's list
    QvObj *exc;            // pending exception or NULL
    QvExcInfo *exc_info;   // innermost handled exception
    QvExcInfo exc_base;
    QvFrame *frame;      // innermost Python frame or NULL
    QvObj **stack;       // register stack (reserved address range, touched lazily)
    QvObj **stack_end;   // end of the reserved range
    QvObj **stack_soft;  // registers below this may have been used; raised in steps (qv_stack_grow)
    QvObj **stack_base;  // first free register while no frame runs, see qv_stack_top
    QvFrame *frames;     // frame records, used as a stack
    QvFrame *frames_top; // next free record
    QvFrame *frames_limit;    // recursion limit, as a record
    QvFrame *frames_end;      // end of the reserved range
    char *c_limit;            // the C stack may not grow below this address
    uint32_t c_depth;         // nested qv_enter_recursive
    QvObj *repr_list;         // objects being printed (repr guard) or NULL
    QvObj *dict;              // thread-local storage dict (threading.local) or NULL
    QvObj *trace, *profile;   // sys.settrace / setprofile callables or NULL
    int tracing;              // hooks that run now: they are not traced
    QvObj **dropping;         // the hook whose former value is being dropped, or NULL
    QvObj *async_exc;         // exception to raise at the next safepoint or NULL
    uint64_t id;              // unique in the process
    uint64_t os_id;           // get_ident
    void *lock_node;          // interpreters/lock.c: waiter node
    QvObj *context;           // contextvars
    QvObj *asyncgen_hooks[2]; // sys.set_asyncgen_hooks: firstiter, finalizer; or NULL
    uint32_t origin_depth;    // sys.set_coroutine_origin_tracking_depth
    void *owner;              // interpreters/: the OS thread record
    uint32_t stops;           // how often it was told that the interpreter is being destroyed
    bool past_handlers;     // it swallowed that too often: unwinding looks for no handler any more
    uint32_t dealloc_depth; // nesting of qv_dealloc of containers; deep ones are queued
    QvObj *dealloc_queue;   // dead objects linked through their headers (object.c)
};

// A fork's child has one thread, the one that forked, in one interpreter.
typedef enum QvForkStep { QV_FORK_BEFORE, QV_FORK_PARENT, QV_FORK_CHILD } QvForkStep;

struct QvBlocking;
struct QvRow;

// What interpreters/ and compile/ plug in, so that lib/ can call up without including them.
struct QvHeavyJob;
typedef struct QvHooks {
    // Releases and retakes the lock around a blocking call: used in pairs. NULL when no lock is
    // needed.
    void (*unlock)(QvInterp *qi);
    void (*lock)(QvInterp *qi);
    // After a system call that cannot block and was made with the lock: lets go of it if others
    // wait and this thread has had its share. errno may change. NULL when no lock is needed.
    void (*pause)(QvInterp *qi);
    // Sleeps without the lock until the monotonic clock shows deadline, or an interrupt comes (look
    // at the poll flag then).
    void (*sleep)(QvInterp *qi, int64_t deadline);
    // Calls that may wait (object/blocking.h, which makes them in its own way where these are
    // NULL). block: lock held; as qv_block, but -1 without an exception: an interrupt (look at the
    // poll flag), a signal, or b->err. is_bell: the descriptor is one that block() sleeps on;
    // give_up: no longer, somebody else takes the number. The rows: as qv_row_wait (-1: look at the
    // poll flag) and qv_row_wake.
    int (*block)(QvInterp *qi, struct QvBlocking *b);
    bool (*is_bell)(QvInterp *qi, int fd, bool give_up);
    int (*row_wait)(QvInterp *qi, struct QvRow *row, int64_t deadline);
    void (*row_wake)(QvInterp *qi, struct QvRow *row);
    // Source text (utf-8, or bytes with a coding line) to a code object. mode 0 exec, 1 eval, 2
    // single.
    QvObj *(*compile)(QvInterp *qi, const char *src, QvSsize len, QvObj *filename, int mode,
                      unsigned flags, int optimize);
    // Safepoint work beyond the collector: lock hand-over, signals, stop. 0 or -1.
    QvObj *(*import)(QvInterp *qi, QvObj *name, QvObj *globals, QvObj *fromlist,
                     int level); // plugged by modules/
    int (*safepoint)(QvInterp *qi, uint32_t reasons);
    // The lock's switch interval in ns; set is positive: it becomes that.
    int64_t (*switch_interval)(QvInterp *qi, int64_t set);
    // Around fork(). BEFORE may refuse: -1 with an exception. NULL: nothing to do.
    int (*fork)(QvInterp *qi, QvForkStep when);
    // Standard streams that are not the process's own: bit n of `streams` for descriptor n. Writing
    // to 1 or 2: 0 or -1 with an exception. Reading 0: bytes, 0 at the end, -1 with an exception.
    uint32_t streams;
    int (*write)(QvInterp *qi, int fd, const char *data, QvSsize n);
    QvSsize (*read)(QvInterp *qi, char *data, QvSsize n);
    // What the host adds: its module number i, NULL behind the last; the source (bytes, borrowed)
    // of a module that it has supplied, by filename, or NULL. NULL: it adds nothing.
    const QvModuleDef *(*host_module)(QvInterp *qi, size_t i);
    QvObj *(*host_source)(QvInterp *qi, QvObj *filename);
    // How many of n bytes sys.stdout and sys.stderr may still write: at least 1, or -1 with an
    // exception. They count as written. NULL: any number.
    QvSsize (*output)(QvInterp *qi, QvSsize n);
    // No fuel is left: lock held; the stop is due at the next safepoint.
    void (*fuel_out)(QvInterp *qi);
    // Runs job->run in another thread and waits, without the lock. 0: it has run. -1: stopped; the
    // job is given away and will be dropped. NULL: run it yourself.
    int (*heavy)(QvInterp *qi, struct QvHeavyJob *job);
    // An interrupt was raised where nobody can catch it: it is raised again at the next safepoint.
    // NULL: it is lost.
    void (*interrupt_again)(QvInterp *qi);
} QvHooks;

// Long work in C that knows no objects and cannot be interrupted: the thread that waits for it can.
typedef struct QvHeavyJob {
    void (*run)(struct QvHeavyJob *job);  // touches nothing but what the job owns
    void (*drop)(struct QvHeavyJob *job); // frees the job when nobody waits any more; any thread
    // The rest is of who runs it (interpreters/workers.c).
    struct QvHeavyJob *next;
    void *inst;     // for whom; NULL: given away
    uint32_t *word; // wakes who waits, or NULL
    int state;
} QvHeavyJob;

// Host's wishes that modules read (sys, the importer, _io). utf-8 strings.
typedef struct QvHostConfig {
    int argc;
    const char *const *argv; // sys.argv; argc 0: [""]
    const char *stdlib_dir;  // standard library folder; NULL: the built-in default
    const char *const *path; // sys.path entries before the library's, npath of them
    int npath;
    const char *executable;   // sys.executable; NULL: ""
    int verbose;              // -v
    bool no_site;             // -S
    bool isolated;            // -I
    bool ignore_env;          // -E
    bool unbuffered;          // -u
    bool dont_write_bytecode; // -B
    bool interactive, inspect, quiet;
    int bytes_warning, dev_mode;
    const char *const *warnoptions; // -W, nwarn of them
    int nwarn;
    const char *const *orig_argv, *const *xoptions; // norig, nxoptions of them
    int norig, nxoptions;
    const char *pycache_prefix, *stdio_encoding, *stdio_errors; // or NULL
    int debug;
    bool safe_path, no_user_site, locale_streams, warn_default_encoding;
    int int_max_str_digits; // as asked for: 0 nothing, negative no limit
    const char *venv;       // folder of a virtual environment, or NULL
    bool venv_system_site;  // it sees the system's packages, too
    bool no_debug_ranges;   // code has no columns to show
    bool no_jit;            // no machine code (vm/jit.h)
    int check_pycs;         // compiled files by hash are checked: 1 all, -1 none, 0 as they say
} QvHostConfig;

struct QvInterp {
    uint32_t poll;    // atomic: QV_POLL_* reasons; set by any thread, cleared at safepoints
    uint32_t tracing; // threads with a trace or profile function
    const void *const *dispatch; // the eval loop's labels by opcode, see vm/trace.h
    uint64_t fuel;               // instructions left; written relaxed-atomically (vm/poll.c)
    bool fuel_on;                // they are counted; qv_eval_choose_dispatch after a change
    uint16_t owner;              // stamp of its objects, never 0
    QvThread *ts;                // the thread that holds the lock
    uint64_t header;             // first 8 bytes of a fresh object: count 1, flags 0, owner
    uint64_t small_ints;         // cached ints that are made: the first so many of ints.small
    QvHeap heap;
    QvTypeTable types;
    QvStrTable strs;
    QvFreeLists free;
    QvGc gc;
    struct {
        uint32_t heat;       // backward jumps and calls until the next sample
        struct QvJit *state; // or NULL: nothing was hot yet
        void (*forget)(QvInterp *qi, struct QvCode *code); // drops a code object's machine code
    } jit;                                                 // vm/jit.h
    uint64_t dict_version;                                 // next dict version
    uint32_t code_version; // last version given to a code object (vm/specialise.c)

    QvObj *modules;        // sys.modules, dict
    QvObj *builtins;       // dict of the builtins module
    QvObj *sys;            // module sys
    QvObj *sys_dict;       // its dict
    QvObj *mem_error;      // preallocated MemoryError, borrowed: count 0 while idle (exception.c)
    QvObj *mem_error_args; // what it says: tuple, or NULL: nothing (the heap has no limit)
    QvObj *weakrefs;       // raw table: object -> weak references (object/weakref.c); opaque
    QvObj *atexit;         // list of (func, args, kwargs) or NULL
    QvObj *warn_state;     // _warnings
    QvObj *ast;            // _ast: its classes and their names (modules/_ast.h) or NULL
    QvObj *codec_state[4]; // search path, cache, error handlers
    QvObj *importer;       // importer's state (modules/import/importlib.c) or NULL
    QvHooks hooks;
    QvObj *unraisable_type;         // of what sys.unraisablehook gets, or NULL: not needed yet
    QvObj *audit_hooks;             // list of sys.addaudithook's, or NULL: nobody listens
    struct QvArgsCache *args_cache; // signatures that qv_args has read (native.c), or NULL
    uint32_t recursion_limit;
    int optimize;        // -O level
    QvThread *threads;   // all thread states
    uint64_t id;         // public id, unique in the process
    void *instance;      // interpreters/: QvInstance that owns this
    QvHostConfig config; // what the host asked for; strings owned by interpreters/, valid for life
    // ---- capabilities (object/caps.h); all fixed when the interpreter is made
    uint64_t deny;          // QvCap bits that are denied, in part or in whole
    struct QvCaps *caps;    // the particulars; not NULL where something is denied
    bool import_of_library; // the import that now begins is one of the library's own code
    int64_t clock_ns;       // resolution of the clocks that scripts see; 0: exact
    // ----
    // ---- what dies while a script is being stopped (object.c) ----
    QvObj *later;           // dead containers, linked as in a thread's dealloc_queue
    uint32_t dealloc_limit; // nesting of qv_dealloc that is looked at more closely
    uint32_t deaths;        // of containers, since the stop was seen
    int64_t stopped_at;     // monotonic ns, when that was
    // ----
    bool finalizing;
    bool lost_threads; // a fork's child: objects that the parent's other threads held stay
    uint64_t leaked;   // debug builds, after qv_interp_fini: collectable objects that were left
    int32_t int_max_str_digits; // most digits of int <-> decimal text; 0: the default 4300;
                                // negative: no limit
    QvIntCache ints;            // last: large, and mostly untouched
};

// The interned name `id` of names.def as QvObj *.
#define QV_N(id) ((QvObj *)&qv_names.n_##id.s)
#include "object/names.h"

// Makes cached ints up to number i; that one. Never NULL. (int.c)
QvObj *qv_small_int_make(QvInterp *qi, uint64_t i);

// The cached int of a value (immortal), or NULL when the value has none.
static inline QvObj *qv_small_int(QvInterp *qi, int64_t v)
{
    uint64_t i = (uint64_t)v - (uint64_t)QV_SMALL_INT_MIN; // unsigned: v - min may overflow
    if (QV_LIKELY(i < qi->small_ints)) {
        return (QvObj *)&qi->ints.small[i];
    }
    return QV_UNLIKELY(i < QV_SMALL_INTS) ? qv_small_int_make(qi, i) : NULL;
}

static inline bool qv_has_small_int(int64_t v)
{
    return (uint64_t)v - (uint64_t)QV_SMALL_INT_MIN < QV_SMALL_INTS;
}

// `a is b` as Python sees it. Arithmetic may leave an exact int of the cached range in a box of its
// own (it reuses the operand's); a script must not be able to tell it from the cached one.
static inline bool qv_is_same(const QvObj *a, const QvObj *b)
{
    return a == b || (a->type == &qv_int_type && b->type == &qv_int_type &&
                      qv_int_value(a) == qv_int_value(b) && qv_has_small_int(qv_int_value(a)));
}

// The object whose address is id(o); the counterpart of qv_is_same.
static inline const QvObj *qv_identity(const QvInterp *qi, const QvObj *o)
{
    return o->type == &qv_int_type && qv_has_small_int(qv_int_value(o))
               ? &qi->ints.small[qv_int_value(o) - QV_SMALL_INT_MIN].h
               : o;
}

// Place of a look-up in qi->types.attrs.
static inline uint32_t qv_attr_slot(uint32_t version, uintptr_t key)
{
    uint32_t mixed = ((uint32_t)(key >> 4) ^ (uint32_t)key << 8) * 0x9E3779B1u +
                     version * 0x85EBCA6Bu;
    return mixed >> (32 - QV_ATTR_CACHE_BITS);
}

// Poll flag, any thread.
static inline void qv_poll_set(QvInterp *qi, uint32_t bits)
{
    __atomic_fetch_or(&qi->poll, bits, __ATOMIC_RELEASE);
}
static inline uint32_t qv_poll_peek(const QvInterp *qi)
{
    return __atomic_load_n(&qi->poll, __ATOMIC_RELAXED);
}

// What would take long to free is better put aside (object.h): a script is being stopped, or will
// be at its next safepoint.
static inline bool qv_dealloc_hurries(const QvInterp *qi)
{
    return (qv_poll_peek(qi) & QV_POLL_STOP) || qi->dealloc_limit == 0;
}
// Has something been put aside?
static inline bool qv_dealloc_waits(const QvInterp *qi)
{
    return qi->later || qi->gc.left.items || qi->gc.callers.items;
}

// Builds the parts that lib/ owns in a struct that is zeroed (but for `ints`) and whose owner and
// heap are set; and takes them
// down again (modules, types, caches; runs finalizers). interpreters/lifecycle.c drives both. 0 /
// -1 (no memory; nothing is left).
int qv_interp_init(QvInterp *qi);
QV_RUNS void qv_interp_fini(QvInterp *qi);
void qv_method_cache_clear(QvInterp *qi); // forgets what attribute look-ups on types found
QV_RUNS void qv_thread_clear(QvInterp *qi, QvThread *ts); // drops the objects that a thread state
                                                          // holds

#endif
