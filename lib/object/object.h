// SPDX-License-Identifier: MIT
// The header of every value, reference counting, and allocation of objects.
//
// Invariants:
// - refs < 0 means immortal: the object is never counted, written or freed (sealed statics, small
// ints).
// - owner is the stamp of the interpreter that allocated the object; 0 means shared and read-only.
//   Debug builds assert it wherever a reference is counted, put into a register or a container (the
//   container's stamp, too), returned by native code, packed into a message, or met by the
//   collector: a reference that crosses interpreters is the one bug this product may not have.
// - Reference counts are plain memory: the interpreter's lock is held by whoever touches them.
#ifndef QV_OBJECT_OBJECT_H
#define QV_OBJECT_OBJECT_H

#include "object/fwd.h"

struct QvObj {
    int32_t refs;   // references; negative: immortal
    uint16_t flags; // QvObjFlags, meaning partly by type
    uint16_t owner; // stamp of the owning interpreter, 0 for shared statics (see qv_owned)
    QvType *type;   // never NULL while the object lives (0 marks a free gc cell)
};

#define QV_IMMORTAL (INT32_MIN / 2)

typedef enum QvObjFlags {
    QV_F_WEAKREF = 1 << 0,    // weak references to it exist (side table in the interpreter)
    QV_F_FINALIZED = 1 << 1,  // __del__ has run
    QV_F_GC_REACHED = 1 << 2, // the collector's, set only while it marks: held from outside
    QV_F_QUEUED = 1 << 3,     // dead, waits in the thread's dealloc queue (refs and owner hold the
                              // link)
    QV_F_CAP_SHIFT = 4,       // four bits: inline slots of its instance part = 2 * bits + 1
    // by type:
    QV_F_BIG = 1 << 8,      // int (and subclasses): value in limbs, not inline
    QV_F_ASCII = 1 << 8,    // str: all code points < 128
    QV_F_INTERNED = 1 << 9, // str: the one canonical copy in this interpreter (or sealed)
    QV_F_KIND_SHIFT = 10,   // str: two bits: 0 Latin-1, 1 UCS-2, 2 UCS-4
    // Generation of a collectable object, see gc.c. None: frozen, or untracked, or dead and queued.
    QV_F_YOUNG = 1 << 12,
    QV_F_MIDDLE = 1 << 13,
    QV_F_OLD = 1 << 14,
    QV_F_GC_INSIDE = 1 << 15, // the collector's: reference from inside found; then, garbage
    QV_F_GENERATIONS = QV_F_YOUNG | QV_F_MIDDLE | QV_F_OLD,
} QvObjFlags;

// Header for static, sealed objects.
#define QV_STATIC_HEADER(type_)                                      \
    {                                                                \
        .refs = QV_IMMORTAL, .flags = 0, .owner = 0, .type = (type_) \
    }

// Is it of the interpreter with that stamp? The collector counts in stamps, and when a stop cuts it
// short they stay so for a while: the mark tells.
static inline bool qv_owned(const QvObj *o, uint16_t stamp)
{
    return o->owner == stamp || (o->flags & QV_F_GC_INSIDE);
}

// Frees o whose count reached zero: finalizer, weak references, fields, memory.
QV_RUNS void qv_dealloc(QvInterp *qi, QvObj *o);
// From now on large containers that die are only put aside, since the script is being stopped; and
// the end of that, where all of them die. A pending exception stays.
void qv_dealloc_later(QvInterp *qi);
QV_RUNS void qv_dealloc_resume(QvInterp *qi);
// Is nobody waiting for the end of the script? False for a while after a stop has been raised.
bool qv_dealloc_goes_on(const QvInterp *qi);
// Some of what has been put aside dies, for less than a millisecond: handlers of a stop may run for
// long.
QV_RUNS void qv_dealloc_some(QvInterp *qi);
// For the end of a large container, every few thousand items: puts o aside when its script is to be
// stopped, and is true then. o keeps the items that are left and dies later, by another call of its
// dealloc or fini. False for one that does not die (its clear() is the same function).
bool qv_dealloc_pause(QvInterp *qi, QvObj *o);
#define QV_DEALLOC_STEP  1024 // items between two looks
#define QV_DEALLOC_DEPTH 48   // nesting of qv_dealloc beyond which dead containers are queued

#if QV_DEBUG
void qv_check_owner(QvInterp *qi, const QvObj *o); // asserts that o belongs to qi or is shared
void qv_check_own(QvInterp *qi, const QvObj *o);   // that it belongs to qi: it is being changed
#else
static inline void qv_check_owner(QvInterp *qi, const QvObj *o)
{
    (void)qi;
    (void)o;
}
static inline void qv_check_own(QvInterp *qi, const QvObj *o)
{
    (void)qi;
    (void)o;
}
#endif

static inline void qv_incref(QvInterp *qi, QvObj *o)
{
    qv_check_owner(qi, o);
    int32_t r = o->refs;
    if (r >= 0) {
        // A count that would overflow turns negative, that is, immortal: leaked, never freed early.
        o->refs = (int32_t)((uint32_t)r + 1u);
    }
}

static inline QvObj *qv_new_ref(QvInterp *qi, QvObj *o)
{
    qv_incref(qi, o);
    return o;
}

static inline void qv_xincref(QvInterp *qi, QvObj *o)
{
    if (o) {
        qv_incref(qi, o);
    }
}

static inline QvObj *qv_xnew_ref(QvInterp *qi, QvObj *o)
{
    qv_xincref(qi, o);
    return o;
}

QV_RUNS static inline void qv_decref(QvInterp *qi, QvObj *o)
{
    qv_check_owner(qi, o);
    int32_t r = o->refs;
    if (r >= 0) {
        o->refs = --r;
        if (r == 0) {
            qv_dealloc(qi, o);
        }
    }
}

QV_RUNS static inline void qv_xdecref(QvInterp *qi, QvObj *o)
{
    if (o) {
        qv_decref(qi, o);
    }
}

// Sets *slot to NULL, then drops what it held (the order matters: a drop can run Python).
QV_RUNS static inline void qv_clear(QvInterp *qi, QvObj **slot)
{
    QvObj *old = *slot;
    if (old) {
        *slot = NULL;
        qv_decref(qi, old);
    }
}

// Stores a new (stolen) reference, then drops the old one.
QV_RUNS static inline void qv_set_take(QvInterp *qi, QvObj **slot, QV_STOLEN QvObj *value)
{
    QvObj *old = *slot;
    if (value) {
        qv_check_owner(qi, value);
    }
    *slot = value;
    qv_xdecref(qi, old);
}

static inline bool qv_is_immortal(const QvObj *o) { return o->refs < 0; }

// Shared by all interpreters and read-only for the hardware.
static inline bool qv_is_sealed(const QvObj *o) { return o->refs < 0 && o->owner == 0; }

// Has its end begun? It may wait for the rest (qv_dealloc_later, QV_F_QUEUED); who knows of it
// without a reference must not take one.
static inline bool qv_is_ending(const QvObj *o) { return o->refs == 0 || (o->flags & QV_F_QUEUED); }

// True when this is the only reference and the object may be changed in place unseen.
static inline bool qv_is_unshared(const QvObj *o) { return o->refs == 1; }

// ---- allocation ---------------------------------------------------------------------------------

// A new object of a fixed-size type (type->size bytes plus the instance part), count 1, everything
// after the header zeroed. NULL with MemoryError. Takes a reference to a heap type.
QV_MUST_USE QvObj *qv_obj_new(QvInterp *qi, QvType *type);

// The same with `bytes` in all, for types with inline variable data (the type's memsize slot must
// report the same number later).
QV_MUST_USE QvObj *qv_obj_new_var(QvInterp *qi, QvType *type, size_t bytes);

// The generic end of an object: type->fini, memory back. The default dealloc slot.
QV_RUNS void qv_obj_dealloc(QvInterp *qi, QvObj *o);

// Returns the memory only (fields already dropped); for dealloc slots that do their own work.
void qv_obj_free(QvInterp *qi, QvObj *o, size_t bytes);

// Raw blocks of the interpreter's heap, sized free. NULL with MemoryError set. Not zeroed.
QV_MUST_USE void *qv_alloc(QvInterp *qi, size_t n);
QV_MUST_USE void *qv_realloc(QvInterp *qi, void *p, size_t old_n, size_t new_n);
void qv_free(QvInterp *qi, void *p, size_t n);

// The singletons. Sealed.
extern struct QvObj qv_none, qv_ellipsis, qv_notimplemented;
extern struct QvInt qv_true, qv_false;
#define QV_NONE           (&qv_none)
#define QV_ELLIPSIS       (&qv_ellipsis)
#define QV_NOTIMPLEMENTED (&qv_notimplemented)
#define QV_TRUE           ((QvObj *)&qv_true)
#define QV_FALSE          ((QvObj *)&qv_false)

static inline QvObj *qv_bool(bool b) { return b ? QV_TRUE : QV_FALSE; } // immortal: no count needed

#endif
