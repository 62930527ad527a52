// SPDX-License-Identifier: MIT
// The internal handle of an interpreter: QvInterp (its shape, used by lib/) and what surrounds it.
//
//   process (one)            qv_process: start-up state, table of live instances, id counters      mutex: REGISTRY
//     └─ QvInstance (many)   lock, thread records, state                                           see fields
//          ├─ QvInterp       touched only by the thread that holds `lock` (poll: any thread)
//          └─ QvThreadRec    one for each OS thread that is inside, or idle for reuse              mutex: threads_mu
#ifndef QV_INTERPRETERS_INSTANCE_H
#define QV_INTERPRETERS_INSTANCE_H

#include "interpreters/lock.h"
#include "interpreters/quiver.h"
#include "object/interp.h"

typedef struct QvInstance QvInstance;

typedef struct QvThreadRec {
    QvThread ts;
    QvLockNode node;
    QvInstance *inst;
    uint32_t enters;              // nested enters by its OS thread
    bool holds;                   // its OS thread holds the lock now (own thread only)
    int64_t cpu_start;            // thread CPU time at the outermost enter
    struct QvThreadRec *outer;    // next outer record of the same OS thread (thread-local chain)
    struct QvThreadRec *next;     // all records of the instance; guarded by: threads_mu
    struct QvThreadRec *next_idle; // guarded by: threads_mu
} QvThreadRec;

typedef enum QvInstanceState { QV_INST_ALIVE, QV_INST_CLOSING } QvInstanceState;

// The error of the last API call, as C strings.
typedef struct QvErrorText {
    QuiverError view;
    char *type, *message, *traceback; // malloc'ed
} QvErrorText;

struct QvInstance {
    QvInterp qi;                  // first: a QvInterp * is its QvInstance *
    QvLock lock;
    QvMutex threads_mu;
    QvCond threads_cond;          // signalled when a thread leaves
    QvThreadRec *records;         // guarded by: threads_mu
    QvThreadRec *idle;            // guarded by: threads_mu
    uint32_t inside;              // OS threads inside or waiting to enter; guarded by: threads_mu
    uint32_t state;               // QvInstanceState; guarded by: threads_mu
    uint32_t interrupted;         // atomic: quiver_interrupt was called
    uint64_t cpu_ns;              // atomic
    uint32_t handles;             // atomic: references that keep the struct (not the interpreter) alive
    QvInstance *prev, *next;      // live table; guarded by: qv_process.mu
    QuiverConfig config;          // callbacks; strings are in `strings`
    char *strings;                // one block with all copied configuration strings and pointers
    QvErrorText error;            // lock held
    QvObj *main;                  // module __main__, owned
};

static inline QvInstance *qv_instance_of(QvInterp *qi) { return (QvInstance *)qi; }

// ---- process (process.c) ----------------------------------------------------------------------------
int qv_process_start(void);                         // once; 0/-1 no memory
void qv_process_add(QvInstance *inst);              // gives it an id and an owner stamp
void qv_process_remove(QvInstance *inst);
QvInstance *qv_process_find(uint64_t id);           // with a handle taken, or NULL
size_t qv_process_count(void);
uint64_t qv_process_live_bytes(void);
size_t qv_process_list(uint64_t *ids, size_t max);  // ids of live ones in order of creation; returns how many there are

// ---- life (lifecycle.c) -------------------------------------------------------------------------------
QvInstance *qv_instance_new(const QuiverConfig *config); // NULL no memory
int qv_instance_free(QvInstance *inst);              // -1: called from inside
void qv_instance_retain(QvInstance *inst);           // handle count: the memory, not the life
void qv_instance_release(QvInstance *inst);

// ---- threads (attach.c) ---------------------------------------------------------------------------------
int qv_attach(QvInstance *inst);                     // enter; nests. 0/-1 (closing, no memory)
void qv_detach(QvInstance *inst);
QvThreadRec *qv_attached_record(const QvInstance *inst); // of this OS thread, or NULL
QvInstance *qv_attached_instance(void);              // innermost of this OS thread, or NULL
QV_BLOCKS void qv_attach_unlock(QvInterp *qi);       // hooks: around blocking calls
QV_BLOCKS void qv_attach_lock(QvInterp *qi);
int qv_attach_init(QvInstance *inst);                // first record, for the creating thread, not entered
void qv_attach_fini(QvInstance *inst);               // frees all records; nobody is inside

// ---- safepoint (safepoint.c) ------------------------------------------------------------------------------
int qv_safepoint(QvInterp *qi, uint32_t reasons);

// ---- errors (api_error.c) -----------------------------------------------------------------------------------
void qv_error_capture(QvInstance *inst);             // pending exception -> inst->error; cleared. Lock held
void qv_error_forget(QvInstance *inst);

#endif
