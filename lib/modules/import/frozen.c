// SPDX-License-Identifier: MIT
// Frozen modules: the ones that FrozenImporter finds before anything in sys.path.
//
// CPython has their code in its program. Here they are files of the standard library that are found
// by this table, whatever sys.path says; what programs see of them (loader, spec, file names in
// tracebacks, _imp's answers) is as there. With -X frozen_modules=off they are ordinary files.
// The modules of lib/python, embedded in the library, are frozen whatever that option says.
#include <string.h>
#include <unistd.h>

#include "compile/compile.h"
#include "modules/import/import.h"
#include "object/dict.h"
#include "object/list.h"
#include "object/namespace.h"
#include "object/protocol.h"
#include "object/str.h"

// The first three are frozen whatever the options say.
#define ALWAYS 3

static const QvFrozen table[] = {
    {"_frozen_importlib", "importlib/_bootstrap.py", "importlib._bootstrap", false},
    {"_frozen_importlib_external", "importlib/_bootstrap_external.py",
     "importlib._bootstrap_external", false},
    {"zipimport", "zipimport.py", "zipimport", false},
    {"abc", "abc.py", "abc", false},
    {"codecs", "codecs.py", "codecs", false},
    {"io", "io.py", "io", false},
    {"_collections_abc", "_collections_abc.py", "_collections_abc", false},
    {"_sitebuiltins", "_sitebuiltins.py", "_sitebuiltins", false},
    {"genericpath", "genericpath.py", "genericpath", false},
    {"ntpath", "ntpath.py", "ntpath", false},
    {"posixpath", "posixpath.py", "posixpath", false},
    {"os.path", "posixpath.py", "posixpath", false},
    {"os", "os.py", "os", false},
    {"site", "site.py", "site", false},
    {"stat", "stat.py", "stat", false},
    {"importlib.util", "importlib/util.py", "importlib.util", false},
    {"importlib.machinery", "importlib/machinery.py", "importlib.machinery", false},
    {"runpy", "runpy.py", "runpy", false},
    {"__hello__", "__hello__.py", "__hello__", false},
    {"__hello_alias__", "__hello__.py", "__hello__", false},
    {"__phello_alias__", "__hello__.py", "__hello__", true},
    {"__phello_alias__.spam", "__hello__.py", "__hello__", false},
    {"__phello__", "__phello__/__init__.py", "__phello__", true},
    {"__phello__.__init__", "__phello__/__init__.py", "<__phello__", false},
    {"__phello__.ham", NULL, "__phello__.ham", true},
    {"__phello__.ham.__init__", NULL, "<__phello__.ham", false},
    {"__phello__.ham.eggs", NULL, "__phello__.ham.eggs", false},
    {"__phello__.spam", "__phello__/spam.py", "__phello__.spam", false},
    {"__hello_only__", NULL, NULL, false},
    {0},
};
const QvFrozen *const qv_import_frozen_table = table;

static bool wanted(const QvHostConfig *c)
{
    const char *how = "on";
    for (int k = 0; k < c->nxoptions; k++) {
        const char *o = c->xoptions[k];
        if (strcmp(o, "frozen_modules") == 0 || strncmp(o, "frozen_modules=", 15) == 0) {
            how = o[14] ? o + 15 : "on";
        }
    }
    return strcmp(how, "off") != 0;
}

const QvFrozen *qv_import_frozen(QvInterp *qi, const QvObj *name)
{
    const QvImportState *state = (const QvImportState *)qi->importer;
    for (const QvFrozen *row = table; row->name; row++) {
        if (qv_str_eq_ascii(name, row->name)) {
            int by_test = state ? state->frozen_override : 0;
            bool on = row < table + ALWAYS || by_test > 0 || (by_test == 0 && wanted(&qi->config));
            return on ? row : NULL;
        }
    }
    return NULL;
}

// ---- files --------------------------------------------------------------------------------------

static const char *library(QvInterp *qi)
{
    return qi->config.stdlib_dir ? qi->config.stdlib_dir : QV_STDLIB_DIR;
}

// Fills ret for a frozen module; false when its file is missing.
bool qv_import_found_frozen(QvInterp *qi, const QvFrozen *row, QvFound *ret)
{
    if (row->file) {
        qv_buf_truncate(&ret->file, 0);
        qv_buf_printf(&ret->file, "%s/%s", library(qi), row->file);
        if (stat(qv_buf_cstr(&ret->file), &ret->st) < 0 || !S_ISREG(ret->st.st_mode)) {
            return false;
        }
    }
    ret->kind = QV_FOUND_FROZEN;
    ret->frozen = row;
    ret->is_package = row->is_package;
    return true;
}

QvObj *qv_import_frozen_code(QvInterp *qi, const QvFound *found)
{
    const QvFrozen *row = found->frozen;
    const char *origin = row->origin ? row->origin : row->name;
    QvObj *shown = qv_str_format(qi, "<frozen %s>", *origin == '<' ? origin + 1 : origin);
    QvObj *code = NULL;
    if (shown && row->file) {
        QvObj *name = qv_str_new_cstr(qi, row->name);
        QvFound source = *found;
        source.kind = QV_FOUND_SOURCE;
        code = name ? qv_import_code(qi, name, &source, shown) : NULL;
        qv_xdecref(qi, name);
    } else if (shown) {
        static const char text[] = "initialized = True\nprint('Hello world!')\n";
        QvSsize n = row->origin ? 0 : (QvSsize)sizeof text - 1;
        code = qi->hooks.compile(qi, text, n, shown, 0, QV_CF_SOURCE_IS_UTF8, qi->optimize);
    }
    qv_xdecref(qi, shown);
    return code;
}

// ---- specs --------------------------------------------------------------------------------------

// The file that a frozen module was made from, as FrozenImporter works it out from its origin and
// the library's folder; *folder: of a package that is not an alias. New, or None.
static QvObj *file_of(QvInterp *qi, const QvFrozen *row, QvObj **folder)
{
    *folder = NULL;
    if (!row || !row->origin) {
        return QV_NONE;
    }
    const char *origin = *row->origin == '<' ? row->origin + 1 : row->origin;
    bool alias = strcmp(origin, row->name) != 0 && *row->origin != '<';
    bool package = *row->origin == '<' || (!alias && row->is_package);
    QvBuf path;
    qv_buf_init(&path);
    qv_buf_printf(&path, "%s/", library(qi));
    for (const char *c = origin; *c; c++) {
        qv_buf_append_char(&path, *c == '.' ? '/' : *c);
    }
    QvObj *file = NULL;
    if (package) {
        *folder = qv_str_fsdecode(qi, qv_buf_cstr(&path));
        file = *folder ? qv_str_format(qi, "%U/__init__.py", *folder) : NULL;
    } else {
        qv_buf_append_cstr(&path, ".py");
        file = qv_str_fsdecode(qi, qv_buf_cstr(&path));
    }
    if (*folder && !row->is_package) {
        qv_clear(qi, folder);
    }
    qv_buf_fini(&path);
    return file;
}

QvObj *qv_import_frozen_spec(QvInterp *qi, QvObj *name, const QvFrozen *row, bool is_package)
{
    QvObj *folder, *file = file_of(qi, row, &folder), *spec = NULL;
    QvObj *loader = qv_lazy_single(qi, QV_LAZY_FROZEN);
    QvObj *origin = qv_str_new_ascii(qi, "frozen", 6);
    QvObj *search = is_package ? qv_list_new(qi, 1) : NULL;
    QvObj *fields = qv_dict_new(qi), *state = NULL;
    QvObj *origname = row && row->origin ? qv_str_new_cstr(qi, row->origin) : QV_NONE;
    if (!file || !loader || !origin || (is_package && !search) || !fields || !origname) {
        goto done;
    }
    if ((folder && qv_list_append(qi, search, folder) < 0) ||
        qv_dict_set_cstr(qi, fields, "filename", file) < 0 ||
        qv_dict_set_cstr(qi, fields, "origname", origname) < 0 ||
        !(state = qv_namespace_new(qi, fields))) {
        goto done;
    }
    spec = qv_spec_new(qi, name, loader, origin, false, search);
    if (spec && qv_dict_set(qi, ((QvModuleSpec *)spec)->dict, QV_N(loader_state), state) < 0) {
        qv_clear(qi, &spec);
    }
done:
    qv_xdecref(qi, state);
    qv_xdecref(qi, origname);
    qv_xdecref(qi, fields);
    qv_xdecref(qi, search);
    qv_xdecref(qi, origin);
    qv_xdecref(qi, loader);
    qv_xdecref(qi, folder);
    qv_xdecref(qi, file);
    return spec;
}

QvObj *qv_import_frozen_file(QvInterp *qi, const QvFrozen *row)
{
    QvObj *folder, *file = file_of(qi, row, &folder);
    qv_xdecref(qi, folder);
    return file;
}
