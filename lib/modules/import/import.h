// SPDX-License-Identifier: MIT
// The parts of the importer.
//
//   statement.c   what `import` does: names, packages, from lists, circular imports, threads
//   find.c        where a module is: built-in, embedded, in a folder of the path, or where a finder
//                 that the program has put in says
//   load.c        a module object from what was found
//   frozen.c      modules of the library that are found before anything in the path
//   bytecode.c    code of a source file: from the process cache, from a compiled file, or compiled
//   spec.c        ModuleSpec, in C: cheap enough to give one to every module
//   lazy.c        stand-ins for objects of importlib, which become the real ones when touched
//   loading.c     imports going on, and threads that wait for another's
//   importlib.c   importlib's own two modules on this importer's state
//   imp.c         the module _imp
//   main.c        python -m
//   site.c        what the site module does at start
#ifndef QV_MODULES_IMPORT_IMPORT_H
#define QV_MODULES_IMPORT_IMPORT_H

#include <sys/stat.h>

#include "base/buf.h"
#include "code/cache.h"
#include "modules/modules.h"
#include "object/interp.h"

// ---- specs (spec.c) -----------------------------------------------------------------------------

// importlib's ModuleSpec. The attributes stand in dict, under their names there.
typedef struct QvModuleSpec {
    QvObj h;
    QvObj *dict;
    bool initializing; // _initializing: the module is being imported
    bool set_fileattr; // _set_fileattr, has_location: origin is a file
} QvModuleSpec;
extern QvType qv_modulespec_type;

// A spec with the fields that finders set. origin: or NULL; located: origin is the module's file;
// search: list or NULL, not a package.
QvObj *qv_spec_new(QvInterp *qi, QvObj *name, QvObj *loader, QvObj *origin, bool located,
                   QvObj *search);
// The spec's file of compiled code: str or None (new).
QvObj *qv_spec_cached(QvInterp *qi, QvObj *spec);

// ---- stand-ins (lazy.c) -------------------------------------------------------------------------

typedef enum QvLazyKind {
    QV_LAZY_BUILTIN,    // the class BuiltinImporter
    QV_LAZY_FROZEN,     // the class FrozenImporter
    QV_LAZY_PATH,       // the class PathFinder
    QV_LAZY_ZIP,        // the class zipimport.zipimporter
    QV_LAZY_HOOK,       // FileFinder's path hook
    QV_LAZY_SOURCE,     // a SourceFileLoader
    QV_LAZY_SOURCELESS, // a SourcelessFileLoader
} QvLazyKind;
#define QV_LAZY_SINGLE 5 // kinds below: one object for each interpreter

typedef struct QvLazy {
    QvObj h;
    QvLazyKind kind;
    QvObj *name, *path; // of loaders
    QvObj *real;        // what it has become, or NULL
} QvLazy;
extern QvType qv_importlazy_type;

// The one of a single kind (or what it has become); a loader. New references.
QvObj *qv_lazy_single(QvInterp *qi, QvLazyKind kind);
QvObj *qv_lazy_loader(QvInterp *qi, QvLazyKind kind, QvObj *name, QvObj *path);
// What it stands for, made now: new reference. Other objects: themselves.
QV_RUNS QvObj *qv_lazy_resolve(QvInterp *qi, QvObj *o);
// Whether o is the one of this kind, become real or not.
bool qv_lazy_is(QvInterp *qi, const QvObj *o, QvLazyKind kind);

// ---- state (importlib.c) ------------------------------------------------------------------------

typedef struct QvLoading QvLoading;
typedef struct QvWaiting QvWaiting;

// One for each interpreter, made at the first import: qi->importer.
typedef struct QvImportState {
    QvObj h;
    QvObj *bootstrap, *external;    // importlib's own modules once loaded, or NULL
    QvObj *singles[QV_LAZY_SINGLE]; // QvLazy, by kind
    QvLoading *loading;             // imports going on, innermost first
    QvWaiting *waiting;             // threads that wait for another's import
    QvObj *lock;                    // _imp.acquire_lock: RLock or NULL
    const QvThread *lock_owner;     // who has it, lock_count times
    uint32_t lock_count;
    bool show_times, time_begun; // -X importtime; its first line is out
    int32_t time_depth;          // imports within imports
    int64_t time_inner;          // ns spent in imports inside the one that is timed
    int32_t frozen_override;     // _imp._override_frozen_modules_for_tests
} QvImportState;
extern QvType qv_importstate_type;

// Borrowed; NULL with MemoryError.
QV_BORROWED QvImportState *qv_import_state(QvInterp *qi);
// Makes importlib's modules real. 0/-1.
QV_RUNS int qv_import_need_importlib(QvInterp *qi);
// bootstrap.<name>(*args); loads importlib.
QV_RUNS QvObj *qv_import_call_bootstrap(QvInterp *qi, const char *name, QvObj *const *args,
                                        QvSsize nargs);
QV_RUNS QvObj *qv_import_call_external(QvInterp *qi, const char *name, QvObj *const *args,
                                       QvSsize nargs);
// Takes importlib's own frames out of the pending exception's traceback.
void qv_import_trim_traceback(QvInterp *qi);

// ---- finding (find.c) ---------------------------------------------------------------------------

typedef enum QvFoundKind {
    QV_FOUND_NOTHING,
    QV_FOUND_BUILTIN,
    QV_FOUND_EMBEDDED,
    QV_FOUND_FROZEN,
    QV_FOUND_SOURCE,
    QV_FOUND_SOURCELESS,
    QV_FOUND_SPEC,      // by a finder in Python
    QV_FOUND_IMPORTLIB, // one of importlib's two own modules
} QvFoundKind;

// A frozen module (frozen.c).
typedef struct QvFrozen {
    const char *name;
    const char *file;   // below the library's folder; NULL: next to no source text
    const char *origin; // _imp.find_frozen's third; NULL: there is no such file
    bool is_package;
} QvFrozen;

typedef struct QvFound {
    QvFoundKind kind;
    const QvModuleDef *def;
    const QvEmbeddedModule *embedded;
    const QvFrozen *frozen;
    QvBuf file; // SOURCE, SOURCELESS; FROZEN unless it has none
    bool is_package;
    struct stat st; // of file
    QvObj *spec;    // SPEC: owned
} QvFound;

// Looks for a module that is not in sys.modules. path: its package's __path__, or NULL. 0 (also
// when there is nothing), or -1.
QV_RUNS int qv_import_find(QvInterp *qi, QvObj *name, QvObj *leaf, QvObj *path, QvFound *ret);
void qv_found_fini(QvInterp *qi, QvFound *found);

// ---- frozen modules (frozen.c) ------------------------------------------------------------------

extern const QvFrozen *const qv_import_frozen_table; // ended by name NULL
// The row of a name, or NULL: no such one, or the options say that it is not to be frozen.
const QvFrozen *qv_import_frozen(QvInterp *qi, const QvObj *name);
// Fills ret; false when the library does not have its file.
bool qv_import_found_frozen(QvInterp *qi, const QvFrozen *row, QvFound *ret);
QV_RUNS QvObj *qv_import_frozen_code(QvInterp *qi, const QvFound *found);
// The spec of a frozen module, or of an embedded one (row NULL).
QvObj *qv_import_frozen_spec(QvInterp *qi, QvObj *name, const QvFrozen *row, bool is_package);
// Its __file__: str, or None.
QvObj *qv_import_frozen_file(QvInterp *qi, const QvFrozen *row);

// ---- loading (load.c) ---------------------------------------------------------------------------

QV_RUNS QvObj *qv_import_load(QvInterp *qi, QvObj *name, const QvFound *found);
// The spec and loader attributes of a module made from a native table.
int qv_import_mark_builtin(QvInterp *qi, QvObj *module, QvObj *name);
// The spec of what was found; file: its path as str (NULL for built-in and embedded modules).
QvObj *qv_import_spec_for(QvInterp *qi, QvObj *name, const QvFound *found, QvObj *file);
// The code of an embedded module.
QvObj *qv_import_embedded_code(QvInterp *qi, const QvEmbeddedModule *m);

// ---- code (bytecode.c) --------------------------------------------------------------------------

// Code of a source or compiled file that was found for the module `name`.
QV_RUNS QvObj *qv_import_code(QvInterp *qi, QvObj *name, const QvFound *found, QvObj *file);
// Puts freshly compiled code, which qv_code_write has made these bytes of, into the process's
// cache. In its place returns one that holds only what runs; without memory for that, the same one.
QvObj *qv_import_keep_image(QvInterp *qi, const QvCodeKey *key, QV_STOLEN QvObj *code,
                            const QvBuf *bytes);
// Where the compiled form of a source file is kept: new str, None when there is no place for it.
QvObj *qv_import_cache_path(QvInterp *qi, QvObj *file);
// The first four bytes of compiled files.
#define QV_PYC_MAGIC_SIZE 4
void qv_import_magic(char ret[QV_PYC_MAGIC_SIZE]);
uint64_t qv_import_source_hash(uint64_t key, const void *data, size_t n);
// Code of the library: what it imports itself no allow-list forbids. Those inside it, too.
void qv_import_mark_library(QvObj *code);
// Gives a code object and those inside it another co_filename.
void qv_import_fix_filename(QvInterp *qi, QvObj *code, QvObj *filename);
// Reads a whole file; the lock is released meanwhile. 0, or an errno (ENOMEM: no memory).
int qv_import_read_file(QvInterp *qi, const char *path, QvBuf *out, struct stat *st);

// ---- the import lock (imp.c)

// _thread.<name>(): a lock. The finders of sys.meta_path are not asked where _thread is.
QvObj *qv_import_new_lock(QvInterp *qi, const char *name);
// As _imp.acquire_lock and release_lock: held while finders in Python are asked. 0/-1.
QV_RUNS QV_BLOCKS int qv_import_lock(QvInterp *qi);
QV_RUNS int qv_import_unlock(QvInterp *qi);

// ---- statement (statement.c) --------------------------------------------------------------------

// May a script import this? 0, or -1 with PermissionError.
int qv_import_check(QvInterp *qi, QvObj *name);
// Imports an absolute dotted name: the leaf.
QV_RUNS QvObj *qv_import_absolute(QvInterp *qi, QvObj *name);
// ModuleNotFoundError "No module named ..."; detail: what follows, or "". NULL.
QvObj *qv_import_raise_missing(QvInterp *qi, QvObj *name, const char *detail);
// ImportError (or a subclass) with its name and path set; NULL.
QvObj *qv_import_error(QvInterp *qi, QvType *type, QvObj *name, QvObj *path, const char *fmt, ...);

#endif
