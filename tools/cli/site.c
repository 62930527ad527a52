// SPDX-License-Identifier: MIT
// What CPython's site module does at start besides sys.path, which the library itself extends: the
// builtins exit, quit, copyright, credits, license and help, then sitecustomize and usercustomize.
// The module site is not loaded; without a standard library there is nothing to do.
#include <stdio.h>
#include <string.h>

#include "interpreters/quiver.h"
#include "tools/cli/cli.h"

// o.<name> = value, which is released.
static void set(Quiver *q, QuiverValue *o, const char *name, QuiverValue *value)
{
    if (value) {
        quiver_set_attr(q, o, name, value);
    }
    quiver_release(q, value);
}

static QuiverValue *make_quitter(Quiver *q, QuiverValue *site, const char *name)
{
    QuiverValue *type = quiver_attr(q, site, "Quitter");
    QuiverValue *args[2] = {quiver_str(q, name, -1), quiver_str(q, "Ctrl-D (i.e. EOF)", -1)};
    QuiverValue *value = type ? quiver_call(q, type, args, 2, NULL, 0) : NULL;
    quiver_release(q, args[0]);
    quiver_release(q, args[1]);
    quiver_release(q, type);
    return value;
}

// A _Printer without files to look for: its __init__ would load os for them.
static QuiverValue *make_printer(Quiver *q, QuiverValue *site, const char *name, const char *text)
{
    QuiverValue *type = quiver_attr(q, site, "_Printer");
    QuiverValue *make = type ? quiver_attr(q, type, "__new__") : NULL;
    QuiverValue *value = make ? quiver_call(q, make, &type, 1, NULL, 0) : NULL;
    if (value) {
        set(q, value, "_Printer__name", quiver_str(q, name, -1));
        set(q, value, "_Printer__data", quiver_str(q, text, -1));
        set(q, value, "_Printer__lines", quiver_none(q));
        set(q, value, "_Printer__filenames", quiver_list(q, NULL, 0));
    }
    quiver_release(q, make);
    quiver_release(q, type);
    return value;
}

static void add_builtins(Quiver *q)
{
    static const char *const quitters[] = {"exit", "quit"};
    static const char *const texts[][2] = {
        {"copyright", "Copyright (c) Quiver authors."},
        {"credits",
         "    Quiver is by its authors; the language and its library are the work of the "
         "Python community.\n    See www.python.org for more information."},
        {"license", "Quiver: the MIT License. The library: see "
                    "https://www.python.org/3.11/license/"},
    };
    QuiverValue *site = quiver_import(q, "_sitebuiltins"), *builtins = quiver_import(q, "builtins");
    if (site && builtins) {
        for (size_t k = 0; k < sizeof quitters / sizeof *quitters; k++) {
            set(q, builtins, quitters[k], make_quitter(q, site, quitters[k]));
        }
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
            set(q, builtins, texts[k][0], make_printer(q, site, texts[k][0], texts[k][1]));
        }
        QuiverValue *helper = quiver_attr(q, site, "_Helper");
        set(q, builtins, "help", helper ? quiver_call(q, helper, NULL, 0, NULL, 0) : NULL);
        quiver_release(q, helper);
    }
    quiver_release(q, builtins);
    quiver_release(q, site);
    quiver_error_clear(q);
}

// A module that adjusts the interpreter of a machine or a user, when there is one.
static void customize(Quiver *q, const char *name)
{
    QuiverValue *module = quiver_import(q, name);
    if (!module) {
        const QuiverError *e = quiver_error(q);
        char missing[64];
        snprintf(missing, sizeof missing, "No module named '%s'", name);
        if (strcmp(e->type, "ModuleNotFoundError") != 0 || strcmp(e->message, missing) != 0) {
            fprintf(stderr, "Error in %s; set PYTHONVERBOSE for traceback:\n%s: %s\n", name,
                    e->type, e->message);
        }
        quiver_error_clear(q);
    }
    quiver_release(q, module);
}

void cli_site(Quiver *q, const CliOptions *o)
{
    add_builtins(q);
    customize(q, "sitecustomize");
    if (!o->no_user_site && !o->isolated) {
        customize(q, "usercustomize");
    }
}
