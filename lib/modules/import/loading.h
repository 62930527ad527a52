// SPDX-License-Identifier: MIT
// Imports that are going on, and waiting for those of other threads.
#ifndef QV_MODULES_IMPORT_LOADING_H
#define QV_MODULES_IMPORT_LOADING_H

#include "modules/import/import.h"

struct QvLoading {
    QvLoading *next;
    QvObj *name; // borrowed from the importing thread
    const QvThread *ts;
    QvObj *sleepers; // list of locks of waiting threads, or NULL
};

// This thread imports `name` from here to the end. 0/-1.
int qv_loading_begin(QvInterp *qi, QvLoading *l, QvObj *name);
void qv_loading_end(QvInterp *qi, QvLoading *l);
// Waits for another thread that is importing it: 1 waited, look again; 0 no need, or no use; -1.
QV_RUNS QV_BLOCKS int qv_loading_wait(QvInterp *qi, const QvObj *name);

#endif
