// SPDX-License-Identifier: MIT
// Module objects.
#ifndef QV_OBJECT_MODULE_H
#define QV_OBJECT_MODULE_H

#include "object/native.h"

struct QvModule {
    QvObj h;
    QvObj *dict;            // always there
    const QvModuleDef *def; // native modules
    void *state;            // def->state_size zeroed bytes, owned
};
extern QvType qv_module_type;
static inline bool qv_is_module(const QvObj *o) { return qv_is_instance_of(o, &qv_module_type); }
QvObj *qv_module_new(QvInterp *qi, QvObj *name); // with __name__, __doc__, __package__, __loader__,
                                                 // __spec__
// Of a native definition without state and init, with this dict. NULL: MemoryError.
QvObj *qv_module_from_dict(QvInterp *qi, const QvModuleDef *def, QV_STOLEN QvObj *dict);
QvObj *qv_module_from_def(QvInterp *qi, const QvModuleDef *def); // functions bound, init run
QV_BORROWED static inline QvObj *qv_module_dict(const QvObj *m)
{
    return ((const QvModule *)m)->dict;
}
static inline void *qv_module_state(const QvObj *m) { return ((const QvModule *)m)->state; }
int qv_module_add(QvInterp *qi, QvObj *m, const char *name, QvObj *value);
int qv_module_add_take(QvInterp *qi, QvObj *m, const char *name, QV_STOLEN QvObj *value); // value
                                                                                          // NULL:
                                                                                          // -1
int qv_module_add_int(QvInterp *qi, QvObj *m, const char *name, int64_t v);
int qv_module_add_str(QvInterp *qi, QvObj *m, const char *name, const char *v);

// What every interpreter starts with: sys.modules and builtins (modules/modules.c). 0/-1.
int qv_modules_init(QvInterp *qi);

// Import (modules/import.c): absolute import of a dotted name; the leaf module, new reference.
QV_RUNS QvObj *qv_import(QvInterp *qi, const char *name);
// The import statement: level 0 absolute, fromlist tuple or None; what __import__ returns.
QV_RUNS QvObj *qv_import_level(QvInterp *qi, QvObj *name, QvObj *globals, QvObj *fromlist,
                               int level);

#endif
