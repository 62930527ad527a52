// SPDX-License-Identifier: MIT
// Struct sequences: tuples whose items have names (sys.version_info, os.stat_result,
// time.struct_time).
#ifndef QV_OBJECT_STRUCTSEQ_H
#define QV_OBJECT_STRUCTSEQ_H

#include "object/type.h"

typedef struct QvStructSeqField {
    const char *name; // NULL ends the table
    const char *doc;
} QvStructSeqField;

// A new heap type "module.name", subclass of tuple. Visible fields at the end may be named "":
// items only. The first nvisible fields are items; the others attributes only.
QvObj *qv_structseq_type(QvInterp *qi, const char *dotted, const QvStructSeqField *fields,
                         QvSsize nvisible);

// An instance; values has one entry for each field, all stolen (dropped on failure; a NULL value
// fails).
QvObj *qv_structseq_new(QvInterp *qi, QvObj *type, QV_STOLEN QvObj *const *values);

#endif
