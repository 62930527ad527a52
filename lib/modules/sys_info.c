// SPDX-License-Identifier: MIT
// The module sys: struct sequences, sys.implementation, lists of module names.
#include <float.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "modules/sys.h"
#include "object/dict.h"
#include "object/float.h"
#include "object/int.h"
#include "object/list.h"
#include "object/namespace.h"
#include "object/protocol.h"
#include "object/set.h"
#include "object/str.h"
#include "object/structseq.h"
#include "object/tuple.h"

#define INT(v) qv_int_from_i64(qi, (v))
#define FLT(v) qv_float_new(qi, (v))
#define STR(v) qv_str_new_cstr(qi, (v))

static QvObj *refuse_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                         QvObj *kwnames)
{
    (void)args, (void)nargs, (void)kwnames;
    return qv_raise(qi, &qv_exc_TypeError, "cannot create 'sys.%N' instances", type);
}

// A struct sequence of a type that only this module makes.
static QvObj *make_struct(QvInterp *qi, const char *name, const char *doc,
                          const QvStructSeqField *fields, QvSsize n, QvObj *const *values)
{
    QvObj *type = qv_structseq_type(qi, name, fields, n);
    QvObj *text = type ? STR(doc) : NULL;
    if (!text || qv_setattr(qi, type, QV_N(__doc__), text) < 0) {
        for (QvSsize k = 0; k < n; k++) {
            qv_xdecref(qi, values[k]);
        }
        qv_xdecref(qi, type);
        qv_xdecref(qi, text);
        return NULL;
    }
    qv_decref(qi, text);
    QvObj *o = qv_structseq_new(qi, type, values);
    ((QvType *)type)->new_ = refuse_new;
    ((QvType *)type)->flags |= QV_T_NO_NEW;
    qv_decref(qi, type);
    return o;
}

// PYTHONHASHSEED=0 makes hashes the same in each process.
static bool fixed_hash(const QvHostConfig *c)
{
    const char *seed = c->ignore_env ? NULL : getenv("PYTHONHASHSEED");
    return seed && strcmp(seed, "0") == 0;
}

// "NPTL 2.36", or None.
static QvObj *thread_library(QvInterp *qi)
{
    char text[64];
    size_t n = confstr(_CS_GNU_LIBPTHREAD_VERSION, text, sizeof text);
    return n > 0 && n <= sizeof text ? STR(text) : QV_NONE;
}

static QvObj *make_version_info(QvInterp *qi)
{
    static const QvStructSeqField fields[] = {
        {"major", "Major release number"},
        {"minor", "Minor release number"},
        {"micro", "Patch release number"},
        {"releaselevel", "'alpha', 'beta', 'candidate', or 'final'"},
        {"serial", "Serial release number"},
        {0},
    };
    QvObj *values[] = {INT(SYS_MAJOR), INT(SYS_MINOR), INT(SYS_MICRO), STR("final"), INT(0)};
    return make_struct(qi, "sys.version_info",
                       "sys.version_info\n\nVersion information as a named tuple.", fields, 5,
                       values);
}

static QvObj *make_flags(QvInterp *qi)
{
    static const QvStructSeqField fields[] = {
        {"debug", "-d"},
        {"inspect", "-i"},
        {"interactive", "-i"},
        {"optimize", "-O or -OO"},
        {"dont_write_bytecode", "-B"},
        {"no_user_site", "-s"},
        {"no_site", "-S"},
        {"ignore_environment", "-E"},
        {"verbose", "-v"},
        {"bytes_warning", "-b"},
        {"quiet", "-q"},
        {"hash_randomization", "-R"},
        {"isolated", "-I"},
        {"dev_mode", "-X dev"},
        {"utf8_mode", "-X utf8"},
        {"warn_default_encoding", "-X warn_default_encoding"},
        {"safe_path", "-P"},
        {"int_max_str_digits", "-X int_max_str_digits"},
        {0},
    };
    const QvHostConfig *c = &qi->config;
    QvObj *values[] = {INT(c->debug),
                       INT(c->inspect),
                       INT(c->interactive),
                       INT(qi->optimize),
                       INT(c->dont_write_bytecode),
                       INT(c->no_user_site),
                       INT(c->no_site),
                       INT(c->ignore_env),
                       INT(c->verbose),
                       INT(c->bytes_warning),
                       INT(c->quiet),
                       INT(!fixed_hash(c)),
                       INT(c->isolated),
                       qv_bool(c->dev_mode),
                       INT(!c->locale_streams),
                       INT(c->warn_default_encoding),
                       qv_bool(c->safe_path),
                       INT(c->int_max_str_digits == 0  ? -1
                           : c->int_max_str_digits < 0 ? 0
                                                       : c->int_max_str_digits)};
    return make_struct(
        qi, "sys.flags",
        "sys.flags\n\nFlags provided through command line arguments or environment vars.", fields,
        18, values);
}

static QvObj *make_float_info(QvInterp *qi)
{
    static const QvStructSeqField fields[] = {
        {"max", "DBL_MAX -- maximum representable finite float"},
        {"max_exp", "DBL_MAX_EXP -- maximum int e such that radix**(e-1) is representable"},
        {"max_10_exp", "DBL_MAX_10_EXP -- maximum int e such that 10**e is representable"},
        {"min", "DBL_MIN -- Minimum positive normalized float"},
        {"min_exp", "DBL_MIN_EXP -- minimum int e such that radix**(e-1) is a normalized float"},
        {"min_10_exp", "DBL_MIN_10_EXP -- minimum int e such that 10**e is a normalized float"},
        {"dig", "DBL_DIG -- maximum number of decimal digits that can be faithfully represented in "
                "a float"},
        {"mant_dig", "DBL_MANT_DIG -- mantissa digits"},
        {"epsilon", "DBL_EPSILON -- Difference between 1 and the next representable float"},
        {"radix", "FLT_RADIX -- radix of exponent"},
        {"rounds", "FLT_ROUNDS -- rounding mode used for arithmetic operations"},
        {0},
    };
    QvObj *values[] = {FLT(DBL_MAX),
                       INT(DBL_MAX_EXP),
                       INT(DBL_MAX_10_EXP),
                       FLT(DBL_MIN),
                       INT(DBL_MIN_EXP),
                       INT(DBL_MIN_10_EXP),
                       INT(DBL_DIG),
                       INT(DBL_MANT_DIG),
                       FLT(DBL_EPSILON),
                       INT(FLT_RADIX),
                       INT(1)};
    return make_struct(qi, "sys.float_info",
                       "sys.float_info\n\nA named tuple holding information about the float type: "
                       "its precision and internal\n"
                       "representation.",
                       fields, 11, values);
}

static QvObj *make_hash_info(QvInterp *qi)
{
    static const QvStructSeqField fields[] = {
        {"width", "width of the type used for hashing, in bits"},
        {"modulus", "prime number giving the modulus on which the hash function is based"},
        {"inf", "value to be used for hash of a positive infinity"},
        {"nan", "value to be used for hash of a nan"},
        {"imag", "multiplier used for the imaginary part of a complex number"},
        {"algorithm", "name of the algorithm for hashing of str, bytes and memoryviews"},
        {"hash_bits", "internal output size of hash algorithm"},
        {"seed_bits", "seed size of hash algorithm"},
        {"cutoff", "small string optimization cutoff"},
        {0},
    };
    QvObj *values[] = {INT(64),      INT((INT64_C(1) << 61) - 1),
                       INT(314159),  INT(0),
                       INT(1000003), STR("wyhash"),
                       INT(64),      INT(64),
                       INT(0)};
    return make_struct(qi, "sys.hash_info",
                       "hash_info\n\nA named tuple providing parameters used for "
                       "computing\nhashes. The attributes are read only.",
                       fields, 9, values);
}

static QvObj *make_int_info(QvInterp *qi)
{
    static const QvStructSeqField fields[] = {
        {"bits_per_digit", "size of a digit in bits"},
        {"sizeof_digit", "size in bytes of the C type used to represent a digit"},
        {"default_max_str_digits", "maximum string conversion digits limitation"},
        {"str_digits_check_threshold", "minimum positive value for int_max_str_digits"},
        {0},
    };
    // CPython's digits, not GMP's limbs: programs take sizes of theirs from these.
    QvObj *values[] = {INT(30), INT(4), INT(4300), INT(640)};
    return make_struct(
        qi, "sys.int_info",
        "sys.int_info\n\nA named tuple that holds information about Python's\ninternal "
        "representation of integers.  The attributes are read only.",
        fields, 4, values);
}

static QvObj *make_thread_info(QvInterp *qi)
{
    static const QvStructSeqField fields[] = {
        {"name", "name of the thread implementation"},
        {"lock", "name of the lock implementation"},
        {"version", "name and version of the thread library"},
        {0},
    };
    QvObj *values[] = {STR("pthread"), QV_NONE, thread_library(qi)};
    return make_struct(
        qi, "sys.thread_info",
        "sys.thread_info\n\nA named tuple holding information about the thread implementation.",
        fields, 3, values);
}

static QvObj *make_implementation(QvInterp *qi)
{
    QvObj *ns = qv_call0(qi, (QvObj *)&qv_simplenamespace_type);
    if (!ns) {
        return NULL;
    }
    struct {
        const char *name;
        QvObj *value;
    } attrs[] = {
        {"name", STR("quiver")},
        {"cache_tag", STR("quiver-311")},
        {"version", make_version_info(qi)},
        {"hexversion", INT(SYS_HEXVERSION)},
        {"_multiarch", STR("x86_64-linux-gnu")},
    };
    for (size_t k = 0; k < sizeof attrs / sizeof *attrs; k++) {
        QvObj *key = qv_str_intern_cstr(qi, attrs[k].name);
        if (ns && (!key || !attrs[k].value || qv_setattr(qi, ns, key, attrs[k].value) < 0)) {
            qv_clear(qi, &ns);
        }
        qv_xdecref(qi, key);
        qv_xdecref(qi, attrs[k].value);
    }
    return ns;
}

static QvObj *make_builtin_names(QvInterp *qi)
{
    QvObj *list = qv_list_new(qi, 0);
    for (const QvModuleRow *row = qv_module_rows; list && row->name; row++) {
        if (!strchr(row->name, '.') && qv_list_append_take(qi, list, STR(row->name)) < 0) {
            qv_clear(qi, &list);
        }
    }
    const QvModuleDef *def;
    for (size_t i = 0; list && qi->hooks.host_module && (def = qi->hooks.host_module(qi, i)); i++) {
        if (qv_list_append_take(qi, list, STR(def->name)) < 0) {
            qv_clear(qi, &list);
        }
    }
    if (list && qv_list_sort(qi, list, NULL, false) < 0) {
        qv_clear(qi, &list);
    }
    QvObj *names = list ? qv_list_as_tuple(qi, list) : NULL;
    qv_xdecref(qi, list);
    return names;
}

static QvObj *make_stdlib_names(QvInterp *qi)
{
    QvObj *list = qv_list_new(qi, 0);
    for (const char *const *name = qv_sys_stdlib_names; list && *name; name++) {
        if (qv_list_append_take(qi, list, qv_str_intern_cstr(qi, *name)) < 0) {
            qv_clear(qi, &list);
        }
    }
    QvObj *names = list ? qv_frozenset_new(qi, list) : NULL;
    qv_xdecref(qi, list);
    return names;
}

// What platform.py reads: version, (compiler's name for the build, date, time), [compiler].
static QvObj *make_version(QvInterp *qi)
{
    return STR(SYS_VERSION_TEXT " (Quiver, " __DATE__ ", " __TIME__ ") ["
#if defined(__clang__)
                                "Clang " __clang_version__
#else
                                "GCC " __VERSION__
#endif
                                "]");
}

// {"name": "value"}, True for options without a value.
static QvObj *make_xoptions(QvInterp *qi)
{
    QvObj *d = qv_dict_new(qi);
    for (int k = 0; d && k < qi->config.nxoptions; k++) {
        const char *text = qi->config.xoptions[k], *equals = strchr(text, '=');
        QvObj *key = qv_str_new_utf8(qi, text, equals ? equals - text : (QvSsize)strlen(text));
        QvObj *value = equals ? qv_str_fsdecode(qi, equals + 1) : QV_TRUE;
        if (!key || !value || qv_dict_set(qi, d, key, value) < 0) {
            qv_clear(qi, &d);
        }
        qv_xdecref(qi, key);
        qv_xdecref(qi, value);
    }
    return d;
}

static QvObj *make_git(QvInterp *qi)
{
    QvObj *name = STR("Quiver");
    QvObj *tuple = name ? qv_tuple_of(qi, 3, name, QV_N(empty), QV_N(empty)) : NULL;
    qv_xdecref(qi, name);
    return tuple;
}

const QvSysAttr qv_sys_info[] = {
    {"version", make_version},
    {"version_info", make_version_info},
    {"implementation", make_implementation},
    {"flags", make_flags},
    {"float_info", make_float_info},
    {"int_info", make_int_info},
    {"hash_info", make_hash_info},
    {"thread_info", make_thread_info},
    {"builtin_module_names", make_builtin_names},
    {"stdlib_module_names", make_stdlib_names},
    {"_xoptions", make_xoptions},
    {"_git", make_git},
    {0},
};

#undef INT
#undef FLT
#undef STR
