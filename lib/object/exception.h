// SPDX-License-Identifier: MIT
// Exception instances. Common fields first; the subclasses of exceptions.def with own fields
// follow.
#ifndef QV_OBJECT_EXCEPTION_H
#define QV_OBJECT_EXCEPTION_H

#include "object/error.h"

struct QvExc {
    QvObj h;
    QvObj *dict;      // lazily made __dict__ (holds __notes__)
    QvObj *args;      // tuple
    QvObj *traceback; // traceback object or NULL
    QvObj *context;   // exception or NULL
    QvObj *cause;     // exception or NULL
    bool suppress_context;
    uint8_t stop; // QvExcStop
};

// What raised a KeyboardInterrupt.
typedef enum QvExcStop {
    QV_EXC_STOP_NONE,      // the script, a signal's handler
    QV_EXC_STOP_INTERRUPT, // a host, once (quiver_interrupt)
    QV_EXC_STOP_AGAIN,     // a host; it is raised again and again
} QvExcStop;

typedef struct QvStopIteration {
    QvExc e;
    QvObj *value;
} QvStopIteration;
typedef struct QvSystemExit {
    QvExc e;
    QvObj *code;
} QvSystemExit;
typedef struct QvImportError {
    QvExc e;
    QvObj *msg, *name, *path;
} QvImportError;
typedef struct QvNameError {
    QvExc e;
    QvObj *name;
} QvNameError;
typedef struct QvAttributeError {
    QvExc e;
    QvObj *obj, *name;
} QvAttributeError;
typedef struct QvOSError {
    QvExc e;
    QvObj *err_no, *strerror, *filename, *filename2;
    QvSsize written;
} QvOSError;
typedef struct QvSyntaxError {
    QvExc e;
    QvObj *msg, *filename, *lineno, *offset, *end_lineno, *end_offset, *text, *print_file_and_line;
} QvSyntaxError;
typedef struct QvLimitExceeded {
    QvExc e;
    QvObj *limit; // "time", "cpu", "fuel", "output"
} QvLimitExceeded;
typedef struct QvUnicodeError {
    QvExc e;
    QvObj *encoding, *object, *reason;
    QvSsize start, end;
} QvUnicodeError;
typedef struct QvExcGroup {
    QvExc e;
    QvObj *msg, *excs;
} QvExcGroup;

static inline bool qv_is_exc(const QvObj *o) { return qv_has_flag(o, QV_T_EXC); }

// A traceback entry. frame: frame object; lasti: twice the index of the instruction
// that raised, as Python sees it.
typedef struct QvTraceback {
    QvObj h;
    struct QvTraceback *next; // towards the raise
    QvObj *frame;
    int32_t lasti;
    int32_t lineno;
} QvTraceback;
extern QvType qv_traceback_type;

// For "raise a, b" forms: turns a class or instance (and optional value) into an instance;
// TypeError otherwise.
QV_RUNS QvObj *qv_exc_make(QvInterp *qi, QvObj *type_or_instance);
void qv_exc_set_context(QvInterp *qi, QvObj *exc, QV_STOLEN QvObj *context); // avoids cycles
void qv_exc_set_cause(QvInterp *qi, QvObj *exc, QV_STOLEN QvObj *cause); // also suppresses context
// ExceptionGroup helper for except*: splits by type; results may be NULL-able None.
QV_RUNS int qv_excgroup_split(QvInterp *qi, QvObj *exc, QvObj *match_type, QvObj **ret_match,
                              QvObj **ret_rest);

// End of try/except*: what is to be raised from the original exception and the list of what the
// clauses raised or left unhandled (None entries are ignored). New reference; None: nothing.
QV_RUNS QvObj *qv_excgroup_reraise(QvInterp *qi, QvObj *orig, QvObj *excs);

// The preallocated MemoryError: called by qv_interp_init before anything may fail with an
// exception, and by qv_interp_fini last. 0 / -1 (no memory).
int qv_exc_init(QvInterp *qi);
void qv_exc_fini(QvInterp *qi);
// What MemoryError says from now on: the heap's limit, or nothing where it has none. Lock held.
void qv_exc_tell_memory_limit(QvInterp *qi);

// Text of a whole traceback as CPython's traceback.print_exception prints it (chaining, groups,
// notes, carets, repeated lines, SyntaxError forms); new str. Implemented in
// modules/traceback_text.c.
QV_RUNS QvObj *qv_exc_format(QvInterp *qi, QvObj *exc);

#endif
