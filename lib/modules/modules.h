// SPDX-License-Identifier: MIT
// The set of modules that come with the library.
#ifndef QV_MODULES_MODULES_H
#define QV_MODULES_MODULES_H

#include "object/module.h"

#define MODULE(name, stem) extern const QvModuleDef qv_module_##stem;
#include "modules/modules.def"
#undef MODULE

// The table of a built-in module, or of one that the host adds; or NULL.
const QvModuleDef *qv_modules_find(QvInterp *qi, const QvObj *name);

// The state of a native module in this interpreter, for methods of its (static) types: what
// sys.modules has, else the module is imported. NULL with an exception.
QV_BORROWED QV_RUNS void *qv_modules_state(QvInterp *qi, const QvModuleDef *def);

// The exception class "module.Name" of a native module: one for all instances of the module that
// live in this interpreter, because their types are the same too. base NULL: Exception.
QV_RUNS QvObj *qv_modules_exception(QvInterp *qi, const char *dotted, QvType *base);

// Modules in Python that are embedded in the library (lib/python).
typedef struct QvEmbeddedModule {
    const char *name;
    bool is_package;
    const unsigned char *data;
    size_t size;
} QvEmbeddedModule;
extern const QvEmbeddedModule qv_embedded_modules[]; // ended by name NULL
const QvEmbeddedModule *qv_embedded_find(const QvObj *name);

// Their code without -O, as code/codefile.h writes it (tools/gen_images.py).
typedef struct QvEmbeddedImage {
    const char *name;
    const unsigned char *data;
    size_t size; // bytes
} QvEmbeddedImage;
extern const QvEmbeddedImage qv_embedded_images[]; // ended by name NULL

// The sys module, made on first need; its attribute of an interned name (borrowed) or NULL without
// an exception.
QV_BORROWED QvObj *qv_sys_module(QvInterp *qi);
QV_BORROWED QvObj *qv_sys_peek(QvInterp *qi, QvObj *name);

// Fills sys.meta_path and sys.path_hooks with what the importer in C stands for. 0/-1.
// (import/find.c)
int qv_import_fill_sys(QvInterp *qi, QvObj *sys);

// __loader__ of __main__: of a script's file (str), or NULL for code from elsewhere. 0/-1.
// (import/load.c)
int qv_import_mark_main(QvInterp *qi, QvObj *dict, QvObj *file);

// Runs a compiled file (.pyc) as the program, in the dict of __main__. 0/-1. (import/main.c)
QV_RUNS int qv_import_run_compiled(QvInterp *qi, const char *path, QvObj *dict);

// Adds the folders of installed packages to sys.path, as the module site does. 0/-1.
// (import/site.c)
int qv_site_extend_path(QvInterp *qi, QvObj *path);

// Runs a module (a package's __main__) with the name __main__ in `dict`, as `python -m` does:
// sys.argv[0] becomes its file. 0, or -1 with an exception.
QV_RUNS int qv_import_run_as_main(QvInterp *qi, QvObj *name, QvObj *dict);

// Seconds (int or float, as a timeout is given) as ns, rounded up; OverflowError beyond 64 bits.
// 0/-1. (time.c)
QV_RUNS int qv_time_to_ns(QvInterp *qi, QvObj *seconds, int64_t *ret);
// The name of the zone of a broken-down time, as a str. (time.c)
struct tm;
QvObj *qv_time_zone_name(QvInterp *qi, const struct tm *tm);

// A copy of the current context, as copy_context() makes it. (_contextvars.c)
QvObj *qv_context_copy(QvInterp *qi);

// A standard stream (fd 0, 1, 2) as a text file object, or None when the descriptor is closed. (io)
QvObj *qv_io_standard_stream(QvInterp *qi, int fd);
// Writes out what sys.stdout and sys.stderr hold. 0, or -1 with an exception. Nothing when sys was
// never made.
QV_RUNS int qv_io_flush_standard(QvInterp *qi);

#endif
