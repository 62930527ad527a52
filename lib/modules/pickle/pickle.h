// SPDX-License-Identifier: MIT
// What the parts of the module _pickle share.
//
//     module.c    state, dump(s) and load(s)      buffer.c    PickleBuffer
//     pickler.c   one dump: the dispatch          atoms.c     numbers, text, bytes
//     contain.c   tuples, lists, dicts, sets      reduce.c    globals, __reduce_ex__, instances
//     output.c    the buffer and its frames       memo.c      what a dump has written, by identity
//     unpickler.c one load: the opcodes           input.c     bytes from memory or a file
//     names.c     dotted names, Python 2's names  build.c     instances at loading
//     pickler_type.c, unpickler_type.c            the types that scripts see
#ifndef QV_MODULES_PICKLE_H
#define QV_MODULES_PICKLE_H

#include <string.h>

#include "base/shortbytes.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/native.h"
#include "object/protocol.h"

enum {
#define OP(name, byte) OP_##name = (byte),
#include "modules/pickle/opcodes.def"
#undef OP
    PICKLE_HIGHEST = 5,
    PICKLE_DEFAULT = 4,
    PICKLE_BATCH = 1000,             // items of one APPENDS, SETITEMS, ADDITEMS
    PICKLE_FRAME_TARGET = 64 * 1024, // bytes after which a frame ends
    PICKLE_FRAME_MIN = 4,            // a shorter one is written without a frame
    PICKLE_FRAME_HEADER = 9,
    PICKLE_FAST_NESTING = 50, // depth from which `fast` looks for cycles
};

typedef struct QvPickleState {
    QvObj *error, *pickling_error, *unpickling_error;
    // of copyreg: dicts
    QvObj *dispatch_table, *extension_registry, *inverted_registry, *extension_cache;
    // of _compat_pickle: dicts
    QvObj *name_2to3, *import_2to3, *name_3to2, *import_3to2;
    QvObj *codecs_encode, *getattr, *partial; // functions
    QvObj *latin1;                            // "latin1", always the same object: it is memoized
} QvPickleState;

// The state of this interpreter's module. NULL with an exception.
QV_BORROWED QV_RUNS QvPickleState *qv_pickle_state(QvInterp *qi);
// The same, held: *held is the module, for scripts may take it out of sys.modules.
QV_BORROWED QV_RUNS QvPickleState *qv_pickle_hold(QvInterp *qi, QvObj **held);

// Raise PicklingError or UnpicklingError. Always -1.
int qv_pickle_fail(QvInterp *qi, const char *fmt, ...);
int qv_unpickle_fail(QvInterp *qi, const char *fmt, ...);

// ---- memo.c -------------------------------------------------------------------------------------

typedef struct QvPickleMemoEntry {
    QvObj *key; // owned; NULL: free
    uint64_t number;
} QvPickleMemoEntry;

// Objects by identity, and their numbers: entries in the order in which they came, and a table of
// where they are.
typedef struct QvPickleMemo {
    QvPickleMemoEntry *entries; // raw block of size / 2 of them, and the index; NULL: none yet
    uint32_t *index;            // `size` of 1 + an entry's place, or 0: free
    size_t size;                // power of two
    size_t used;
    uint64_t next; // the next number: `used`, and what was numbered without a key
} QvPickleMemo;

static inline size_t qv_pickle_memo_slot(const QvPickleMemo *m, const QvObj *o)
{
    return ((uintptr_t)o >> 4) * 0x9E3779B97F4A7C15u >> 32 & (m->size - 1);
}

// The entry of o, or NULL.
static inline QvPickleMemoEntry *qv_pickle_memo_find(const QvPickleMemo *m, const QvObj *o)
{
    if (!m->entries) {
        return NULL;
    }
    for (size_t i = qv_pickle_memo_slot(m, o);; i = (i + 1) & (m->size - 1)) {
        if (m->index[i] == 0) {
            return NULL;
        }
        QvPickleMemoEntry *e = &m->entries[m->index[i] - 1];
        if (e->key == o) {
            return e;
        }
    }
}
// Bytes of the block.
static inline size_t qv_pickle_memo_bytes(size_t size)
{
    return size / 2 * sizeof(QvPickleMemoEntry) + size * sizeof(uint32_t);
}
int qv_pickle_memo_grow(QvInterp *qi, QvPickleMemo *m);
// The index of entry number `at`.
static inline void qv_pickle_memo_enter(QvPickleMemo *m, size_t at)
{
    size_t i = qv_pickle_memo_slot(m, m->entries[at].key);
    while (m->index[i] != 0) {
        i = (i + 1) & (m->size - 1);
    }
    m->index[i] = (uint32_t)at + 1;
}
// Of an object that is not in it.
static inline int qv_pickle_memo_add(QvInterp *qi, QvPickleMemo *m, QvObj *o, uint64_t number)
{
    if (QV_UNLIKELY(m->used * 2 >= m->size) && qv_pickle_memo_grow(qi, m) < 0) {
        return -1;
    }
    m->entries[m->used] = (QvPickleMemoEntry){qv_new_ref(qi, o), number};
    qv_pickle_memo_enter(m, m->used++);
    return 0;
}
int qv_pickle_memo_set(QvInterp *qi, QvPickleMemo *m, QvObj *o, uint64_t number);
QV_RUNS void qv_pickle_memo_clear(QvInterp *qi, QvPickleMemo *m);
int qv_pickle_memo_traverse(const QvPickleMemo *m, QvVisit visit, void *ctx);
int qv_pickle_memo_copy(QvInterp *qi, QvPickleMemo *to, const QvPickleMemo *from);
// {id(o): (number, o)}
QvObj *qv_pickle_memo_dict(QvInterp *qi, const QvPickleMemo *m);
// From such a dict; replaces what is there. 0/-1.
QV_RUNS int qv_pickle_memo_from_dict(QvInterp *qi, QvPickleMemo *m, QvObj *dict);

// ---- the pickler --------------------------------------------------------------------------------

typedef struct QvPickler {
    QvInterp *qi;
    QvPickleState *st; // the module's; owned by held
    QvObj *held;       // the module
    int proto;
    bool bin;         // proto > 0
    bool fast;        // no memo
    bool fix_imports; // names of Python 2 (proto < 3 only)
    bool plain;       // a call of dumps(): no script sees the memo
    bool running;     // in dump()
    int fast_nesting;
    unsigned steps;    // saved so far, for polling
    QvPickleMemo memo; // owns its keys
    QvPickleMemo fast_memo;
    QvObj *write;           // file.write or NULL
    QvObj *self;            // borrowed: the Pickler, or NULL in dumps()
    QvObj *pers;            // persistent_id, or NULL; a method of self is kept unbound:
    bool pers_unbound;      // else the two would hold each other
    QvObj *dispatch;        // the pickler's own dispatch_table, or NULL
    QvObj *override;        // reducer_override (bound) during a dump, or NULL
    QvObj *buffer_callback; // or NULL
    QvObj *owners;          // {name: copy} of modules of built-in functions; or NULL
    // output.c
    uint8_t *out; // raw block of cap bytes
    size_t len, cap;
    QvSsize frame; // where the open frame's header starts; -1: none
    bool framing;
} QvPickler;

// output.c
int qv_pickle_grow(QvPickler *p, size_t n); // room for n more bytes, and for a frame's header
int qv_pickle_put_slow(QvPickler *p, const void *s, size_t n);
// Is there room for n bytes, and no frame to be opened before them?
static inline bool qv_pickle_has_room(const QvPickler *p, size_t n)
{
    return QV_LIKELY((p->frame >= 0 || !p->framing) && n <= p->cap - p->len);
}
static inline int qv_pickle_put(QvPickler *p, const void *s, size_t n)
{
    if (qv_pickle_has_room(p, n)) {
        qv_copy_bytes(p->out + p->len, s, n);
        p->len += n;
        return 0;
    }
    return qv_pickle_put_slow(p, s, n);
}
// The lowest n bytes of a word, at most eight. (Read back from where they have been stored one by
// one, they would have to wait for the stores.)
static inline int qv_pickle_put_word(QvPickler *p, uint64_t word, size_t n)
{
    if (qv_pickle_has_room(p, sizeof word)) {
        memcpy(p->out + p->len, &word, sizeof word);
        p->len += n;
        return 0;
    }
    return qv_pickle_put_slow(p, &word, n);
}
static inline int qv_pickle_op(QvPickler *p, int op)
{
    uint8_t byte = (uint8_t)op;
    if (qv_pickle_has_room(p, 1)) {
        p->out[p->len++] = byte;
        return 0;
    }
    return qv_pickle_put_slow(p, &byte, 1);
}
// Large data: outside of frames, and straight to the file. payload: an object with these bytes, or
// NULL.
QV_RUNS int qv_pickle_put_large(QvPickler *p, const void *head, size_t nhead, const void *data,
                                size_t n, QvObj *payload);
int qv_pickle_end_frame(QvPickler *p);
QV_RUNS int qv_pickle_boundary_slow(QvPickler *p);
// Between two objects: ends a frame that is long enough.
QV_RUNS static inline int qv_pickle_boundary(QvPickler *p)
{
    return QV_UNLIKELY(p->frame >= 0 &&
                       p->len - (size_t)p->frame >= PICKLE_FRAME_TARGET + PICKLE_FRAME_HEADER)
               ? qv_pickle_boundary_slow(p)
               : 0;
}
QV_RUNS int qv_pickle_flush(QvPickler *p); // all to the file

// pickler.c
int qv_pickler_init(QvInterp *qi, QvPickler *p, QvObj *proto, bool fix_imports, QvObj *callback);
QV_RUNS void qv_pickler_fini(QvInterp *qi, QvPickler *p);
QV_RUNS int qv_pickler_set_file(QvPickler *p, QvObj *file);
QV_RUNS int qv_pickler_dump(QvPickler *p, QvObj *o);
QV_RUNS int qv_pickle_save(QvPickler *p, QvObj *o, bool is_pid);
int qv_pickle_memo_get(QvPickler *p, uint64_t number); // writes the opcode
int qv_pickle_memo_put_new(QvPickler *p, QvObj *o);    // as memo_put, when nothing has run since
                                                       // the memo was asked for o in vain
int qv_pickle_memo_put(QvPickler *p, QvObj *o);        // numbers o and writes the opcode; o NULL:
                                                       // a thing that cannot come again

// atoms.c
int qv_pickle_int(QvPickler *p, QvObj *o);
int qv_pickle_float(QvPickler *p, QvObj *o);
QV_RUNS int qv_pickle_str(QvPickler *p, QvObj *o);
QV_RUNS int qv_pickle_bytes(QvPickler *p, QvObj *o);
QV_RUNS int qv_pickle_bytearray(QvPickler *p, QvObj *o);
QV_RUNS int qv_pickle_buffer(QvPickler *p, QvObj *o);

// contain.c
QV_RUNS int qv_pickle_tuple(QvPickler *p, QvObj *o);
QV_RUNS int qv_pickle_list(QvPickler *p, QvObj *o);
QV_RUNS int qv_pickle_dict(QvPickler *p, QvObj *o);
QV_RUNS int qv_pickle_set(QvPickler *p, QvObj *o);
QV_RUNS int qv_pickle_frozenset(QvPickler *p, QvObj *o);
QV_RUNS int qv_pickle_batch_list(QvPickler *p, QvObj *it);
QV_RUNS int qv_pickle_batch_dict(QvPickler *p, QvObj *it);

// reduce.c
QV_RUNS int qv_pickle_global(QvPickler *p, QvObj *o, QvObj *name /*NULL*/);
QV_RUNS int qv_pickle_type(QvPickler *p, QvObj *o);
QV_RUNS int qv_pickle_reduce(QvPickler *p, QvObj *tuple, QvObj *o /*NULL*/);
// An instance of a plain class, without the detour over __reduce_ex__. 1 done, 0 not that plain,
// -1.
QV_RUNS int qv_pickle_instance(QvPickler *p, QvObj *o);

// names.c
// The parts of a dotted name: list. AttributeError for local ones. o NULL: without an owner.
QvObj *qv_pickle_split(QvInterp *qi, QvObj *o, QvObj *name);
// o.a.b.c: 1 (*ret, *ret_parent unless NULL new), 0 there is none, -1.
QV_RUNS int qv_pickle_deep(QvInterp *qi, QvObj *o, QvObj *parts, QvObj **ret, QvObj **ret_parent);
QV_RUNS QvObj *qv_pickle_whichmodule(QvInterp *qi, QvObj *o, QvObj *parts);
QV_RUNS QvObj *qv_pickle_import(QvInterp *qi, QvObj *name); // the module of a dotted name
// Names as they were in Python 2 (or back): replaces the references. 0/-1.
QV_RUNS int qv_pickle_map_names(QvInterp *qi, QvObj *names, QvObj *imports, const char *names_text,
                                const char *imports_text, QvObj **module, QvObj **name);
// What Unpickler.find_class does.
QV_RUNS QvObj *qv_pickle_find_class(QvInterp *qi, QvPickleState *st, int proto, bool fix_imports,
                                    QvObj *module, QvObj *name);

// ---- the unpickler ------------------------------------------------------------------------------

typedef struct QvUnpickler {
    QvInterp *qi;
    QvPickleState *st;   // the module's; owned by held
    QvObj *held;         // the module
    QvObj *self;         // borrowed: the Unpickler, or NULL in loads()
    bool own_find_class; // find_class is ours: no need to call it through the object
    bool running;
    bool fix_imports;
    int proto;
    QvObj *encoding, *errors; // str
    QvObj *pers;              // persistent_load or NULL
    bool pers_unbound;        // it is a method of self, kept unbound
    QvObj *buffers;           // iterator or NULL
    // input.c
    const uint8_t *p, *end;                   // what is there to read
    QvBufferView view;                        // of the bytes that p is in
    QvObj *read, *readline, *readinto, *peek; // of the file; NULL: memory
    const uint8_t *unread;                    // peeked bytes begin here; NULL: none peeked
    // the stack: owned items
    QvObj **stack;
    size_t len, cap, fence;
    size_t *marks;
    size_t nmarks, cap_marks;
    // memo: by number
    QvObj **memo; // owned or NULL
    size_t memo_cap, memo_used;
    QvObj *memo_far; // dict {number: object}, of numbers far beyond what was stored; or NULL
} QvUnpickler;

// input.c
QV_RUNS int qv_unpickle_take_slow(QvUnpickler *u, size_t n, const uint8_t **ret);
// The next n bytes, good until the next call. 0/-1.
QV_RUNS static inline int qv_unpickle_take(QvUnpickler *u, size_t n, const uint8_t **ret)
{
    if (QV_LIKELY(n <= (size_t)(u->end - u->p))) {
        *ret = u->p;
        u->p += n;
        return 0;
    }
    return qv_unpickle_take_slow(u, n, ret);
}
// A line with its newline; n its length. 0/-1.
QV_RUNS int qv_unpickle_line(QvUnpickler *u, const uint8_t **ret, size_t *ret_n);
// n bytes of input as bytes or bytearray. Grows with what comes.
QV_RUNS QvObj *qv_unpickle_bytes(QvUnpickler *u, size_t n, bool array);
QV_RUNS int qv_unpickle_set_file(QvUnpickler *u, QvObj *file);
int qv_unpickle_set_memory(QvUnpickler *u, QvObj *data);
QV_RUNS int qv_unpickle_skip_consumed(QvUnpickler *u);
QV_RUNS void qv_unpickle_drop_input(QvUnpickler *u);

// unpickler.c
QV_RUNS int qv_unpickler_init(QvInterp *qi, QvUnpickler *u, bool fix_imports, QvObj *encoding,
                              QvObj *errors, QvObj *buffers);
QV_RUNS void qv_unpickler_fini(QvInterp *qi, QvUnpickler *u);
QV_RUNS QvObj *qv_unpickler_load(QvUnpickler *u);
QV_BORROWED QvObj *qv_unpickle_memo_get(QvUnpickler *u, uint64_t number); // NULL: none
int qv_unpickle_memo_put(QvUnpickler *u, uint64_t number, QvObj *o);
QV_RUNS void qv_unpickle_memo_clear(QvInterp *qi, QvUnpickler *u);

// build.c: opcodes that make or fill instances
QV_RUNS QvObj *qv_unpickle_instantiate(QvUnpickler *u, QvObj *cls, QvObj *args);
QV_RUNS QvObj *qv_unpickle_newobj(QvUnpickler *u, QvObj *cls, QvObj *args, QvObj *kwargs);
QV_RUNS int qv_unpickle_build(QvUnpickler *u, QvObj *o, QvObj *state);

// ---- the types ----------------------------------------------------------------------------------

// pickle_buffer: view of what the PickleBuffer wraps, or NULL with ValueError when it was released.
QV_BORROWED QvBufferView *qv_pickle_buffer_view(QvInterp *qi, QvObj *o);

typedef struct QvPicklerObj {
    QvObj h;
    QvPickler p;
} QvPicklerObj;

typedef struct QvUnpicklerObj {
    QvObj h;
    QvUnpickler u;
} QvUnpicklerObj;

// The view of a pickler's or unpickler's memo that scripts get.
typedef struct QvPickleMemoProxy {
    QvObj h;
    QvObj *owner;
} QvPickleMemoProxy;

static inline QV_BORROWED QvObj *qv_pickle_proxy_owner(QvObj *o)
{
    return ((QvPickleMemoProxy *)o)->owner;
}
QvObj *qv_pickle_proxy_new(QvInterp *qi, QvType *type, QvObj *owner);
void qv_pickle_proxy_fini(QvInterp *qi, QvObj *o);
int qv_pickle_proxy_traverse(QvObj *o, QvVisit visit, void *ctx);
// __reduce__ of a proxy: (dict, (copy,)).
QvObj *qv_pickle_proxy_reduce(QvInterp *qi, QV_STOLEN QvObj *copy);

extern QvType qv_pickler_type, qv_pickler_memo_type, qv_unpickler_type, qv_unpickler_memo_type;
extern QvType qv_pickle_buffer_type;

// A method that a subclass may define or an instance hold, at *ret (NULL: none); *ret_unbound: it
// is a method of self and to be called with it. 0/-1.
QV_RUNS int qv_pickle_optional(QvInterp *qi, QvObj *self, QvObj *name, QvObj **ret,
                               bool *ret_unbound);

#endif
