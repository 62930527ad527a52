// SPDX-License-Identifier: MIT
// The module _interpreters: how a new interpreter is to be, and its limits and streams.
//
// Two ways say how it is to be: CPython's configurations (new_config), of which only what may
// differ here has an effect, and the options of concurrent.interpreters.create. Neither gives more
// than the maker has.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "interpreters/limit.h"
#include "interpreters/mod_interpreters.h"
#include "modules/modules.h"
#include "object/bytes.h"
#include "object/caps.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/float.h"
#include "object/int.h"
#include "object/list.h"
#include "object/module.h"
#include "object/namespace.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

// ---- configurations of CPython ------------------------------------------------------------------

typedef enum Field {
    USE_MAIN_OBMALLOC,
    ALLOW_FORK,
    ALLOW_EXEC,
    ALLOW_THREADS,
    ALLOW_DAEMON_THREADS,
    CHECK_MULTI_INTERP_EXTENSIONS,
    NFIELDS
} Field;

static const char *const field_names[NFIELDS] = {
    "use_main_obmalloc", "allow_fork",           "allow_exec",
    "allow_threads",     "allow_daemon_threads", "check_multi_interp_extensions"};

static const struct {
    const char *name, *gil;
    bool fields[NFIELDS];
} presets[] = {
    {"isolated", "own", {false, true, true, true, true, true}},
    {"default", "own", {false, true, true, true, true, true}},
    {"legacy", "shared", {true, true, true, true, true, false}},
    {"empty", "default", {false, false, false, false, false, false}},
};

static QvObj *make_config(QvInterp *qi, const bool *fields, const char *gil)
{
    QvObj *d = qv_dict_new(qi), *ns = NULL;
    for (int k = 0; d && k < NFIELDS; k++) {
        if (qv_dict_set_cstr(qi, d, field_names[k], qv_bool(fields[k])) < 0) {
            qv_clear(qi, &d);
        }
    }
    if (d && qv_dict_set_cstr_take(qi, d, "gil", qv_str_new_cstr(qi, gil)) == 0) {
        ns = qv_namespace_new(qi, d);
    }
    qv_xdecref(qi, d);
    return ns;
}

static int check_field(QvInterp *qi, QvObj *key, QvObj *value)
{
    if (qv_is_str(key) && qv_str_eq_ascii(key, "gil")) {
        if (!qv_is_str(value)) {
            return qv_raise_int(qi, &qv_exc_TypeError, "gil must be str, not %T", value);
        }
        static const char *const words[] = {"own", "shared", "default"};
        for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
            if (qv_str_eq_ascii(value, words[k])) {
                return 0;
            }
        }
        return qv_raise_int(qi, &qv_exc_ValueError, "unsupported gil value %R", value);
    }
    for (int k = 0; k < NFIELDS; k++) {
        if (qv_is_str(key) && qv_str_eq_ascii(key, field_names[k])) {
            return value == QV_TRUE || value == QV_FALSE
                       ? 0
                       : qv_raise_int(qi, &qv_exc_TypeError, "%s must be bool, not %T",
                                      field_names[k], value);
        }
    }
    return qv_raise_int(qi, &qv_exc_ValueError, "unsupported config field %R", key);
}

static QvObj *preset(QvInterp *qi, QvObj *name)
{
    if (!qv_is_str(name)) {
        return qv_raise(qi, &qv_exc_TypeError, "config name must be a str, not %T", name);
    }
    for (size_t k = 0; k < sizeof presets / sizeof *presets; k++) {
        if (qv_str_eq_ascii(name, presets[k].name)) {
            return make_config(qi, presets[k].fields, presets[k].gil);
        }
    }
    return qv_raise(qi, &qv_exc_ValueError, "unsupported config name '%U'", name);
}

QvObj *qv_interpreters_new_config(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvObj *isolated = qv_str_new_cstr(qi, "isolated");
    QvObj *ns = isolated ? preset(qi, args[0] ? args[0] : isolated) : NULL;
    qv_xdecref(qi, isolated);
    QvSsize at = 0;
    QvObj *key, *value;
    while (ns && args[1] && qv_dict_next(args[1], &at, &key, &value)) {
        if (check_field(qi, key, value) < 0 ||
            qv_dict_set(qi, ((QvNamespace *)ns)->dict, key, value) < 0) {
            qv_clear(qi, &ns);
        }
    }
    return ns;
}

QvObj *qv_interpreters_get_config(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvInstance *inst = qv_interpreters_find(qi, m, args[0]);
    if (!inst) {
        return NULL;
    }
    bool processes = !(inst->qi.deny & QV_CAP_PROCESS), threads = !(inst->qi.deny & QV_CAP_THREAD);
    qv_instance_release(inst);
    const bool fields[NFIELDS] = {false, processes, processes, threads, threads, true};
    return make_config(qi, fields, "own");
}

// What a configuration (a name, a namespace, None) takes away.
static int apply_config(QvInterp *qi, QvObj *m, QvObj *given, QuiverConfig *config)
{
    if (!given || given == QV_NONE) {
        return 0;
    }
    QvObj *ns = qv_is_str(given) ? preset(qi, given) : qv_new_ref(qi, given);
    bool fields[NFIELDS];
    for (int k = 0; ns && k < NFIELDS; k++) {
        QvObj *v = qv_getattr_cstr(qi, ns, field_names[k]);
        int yes = v ? qv_is_true(qi, v) : -1;
        qv_xdecref(qi, v);
        fields[k] = yes > 0;
        if (yes < 0) {
            qv_clear(qi, &ns);
        }
    }
    QvObj *gil = ns ? qv_getattr_cstr(qi, ns, "gil") : NULL;
    int status = -1;
    if (gil && (fields[USE_MAIN_OBMALLOC] || !qv_is_str(gil) || qv_str_eq_ascii(gil, "shared"))) {
        qv_interpreters_raise(qi, m,
                              "an interpreter has a lock and a heap of its own: gil must be 'own', "
                              "use_main_obmalloc False");
    } else if (gil) {
        config->deny |= fields[ALLOW_FORK] && fields[ALLOW_EXEC] ? 0 : QV_CAP_PROCESS;
        config->deny |= fields[ALLOW_THREADS] ? 0 : QV_CAP_THREAD;
        status = 0;
    }
    qv_xdecref(qi, gil);
    qv_xdecref(qi, ns);
    return status;
}

// ---- texts --------------------------------------------------------------------------------------

// A list of texts as C strings, one malloc'ed block for each.
typedef struct Texts {
    char **items;
    int n;
} Texts;

static void texts_fini(Texts *t)
{
    for (int k = 0; k < t->n; k++) {
        free(t->items[k]);
    }
    free(t->items);
}

// The items of a sequence of str. skip (may be NULL): entries that begin with it are left out.
static int texts_from(QvInterp *qi, QvObj *o, const char *what, const char *skip, Texts *ret)
{
    QvObj *items = qv_to_tuple(qi, o);
    if (!items) {
        return -1;
    }
    QvSsize n = qv_tuple_len(items);
    size_t skip_len = skip ? strlen(skip) : 0;
    ret->items = calloc((size_t)n + 1, sizeof *ret->items);
    int r = ret->items ? 0 : -1;
    if (r < 0) {
        qv_raise_oom(qi);
    }
    for (QvSsize k = 0; r == 0 && k < n; k++) {
        QvObj *s = qv_tuple_peek(items, k);
        QvUtf8 u;
        if (!qv_is_str(s)) {
            r = qv_raise_int(qi, &qv_exc_TypeError, "%s must be str, not %T", what, s);
        } else if (qv_str_utf8_surrogates(qi, s, &u, true) < 0) {
            r = -1;
        } else {
            if (!skip || strncmp(u.s, skip, skip_len) != 0) {
                char *copy = strndup(u.s, (size_t)u.n);
                if (copy) {
                    ret->items[ret->n++] = copy;
                } else {
                    qv_raise_oom(qi);
                    r = -1;
                }
            }
            qv_utf8_release(qi, &u);
        }
    }
    qv_decref(qi, items);
    return r;
}

// What a new interpreter has from the one whose script makes it.
static void inherit(QvInstance *from, QuiverConfig *config)
{
    const QvHostConfig *host = &from->qi.config;
    quiver_config_init(config);
    config->argc = host->argc;
    config->argv = host->argv;
    config->path = host->path;
    config->npath = host->npath;
    config->stdlib_dir = host->stdlib_dir;
    config->executable = host->executable;
    config->warnoptions = host->warnoptions;
    config->nwarn = host->nwarn;
    config->no_site = host->no_site;
    config->isolated = host->isolated;
    config->unbuffered = host->unbuffered;
    config->dont_write_bytecode = host->dont_write_bytecode;
    config->verbose = host->verbose;
    config->orig_argv = host->orig_argv;
    config->norig = host->norig;
    config->xoptions = host->xoptions;
    config->nxoptions = host->nxoptions;
    config->pycache_prefix = host->pycache_prefix;
    config->stdio_encoding = host->stdio_encoding;
    config->stdio_errors = host->stdio_errors;
    config->int_max_str_digits = host->int_max_str_digits;
    config->venv = host->venv;
    config->venv_system_site = host->venv_system_site;
    config->no_debug_ranges = host->no_debug_ranges;
    config->no_jit = host->no_jit;
    config->check_pycs = host->check_pycs;
    config->bytes_warning = host->bytes_warning;
    config->ignore_env = host->ignore_env;
    config->safe_path = host->safe_path;
    config->no_user_site = host->no_user_site;
    config->quiet = host->quiet;
    config->debug = host->debug;
    config->dev_mode = host->dev_mode;
    config->locale_streams = host->locale_streams;
    config->warn_default_encoding = host->warn_default_encoding;
    config->recursion_limit = from->qi.recursion_limit;
    config->optimize = from->qi.optimize;
    config->memory_limit = qv_lend_most(from, QUIVER_LIMIT_MEMORY);
    config->write = from->config.write;
    config->read = from->config.read;
    config->user = from->config.user;
    config->modules = from->config.modules;
    config->load = from->config.load;
    config->load_user = from->config.load_user;
    // Capabilities and streams: as the maker's.
    config->deny = from->qi.deny;
    config->clock_ns = from->qi.clock_ns;
    config->stdin_stream = from->config.stdin_stream;
    config->stdout_stream = from->config.stdout_stream;
    config->stderr_stream = from->config.stderr_stream;
    config->capture_bytes = from->config.capture_bytes;
    config->overflow = from->config.overflow;
    config->stdout_channel = from->config.stdout_channel;
    config->stderr_channel = from->config.stderr_channel;
    // Budgets: of what the maker has left.
    config->time_limit = qv_lend_most(from, QUIVER_LIMIT_TIME);
    config->cpu_limit = qv_lend_most(from, QUIVER_LIMIT_CPU);
    config->fuel_limit = qv_lend_most(from, QUIVER_LIMIT_FUEL);
    config->output_limit = qv_lend_most(from, QUIVER_LIMIT_OUTPUT);
    config->stop_grace = from->config.stop_grace;
    config->exit_budget = from->config.exit_budget;
    if (from->qi.caps) {
        config->import_allow = (const char *const *)from->qi.caps->imports;
        config->nimport_allow = from->qi.caps->nimports;
    }
}

// ---- limits -------------------------------------------------------------------------------------

typedef enum LimitUnit { UNIT_COUNT, UNIT_SECONDS } LimitUnit;

typedef struct LimitRow {
    const char *name;
    size_t offset;     // in QuiverConfig
    QuiverLimit which; // 0: fixed when the interpreter is made
    LimitUnit unit;
    bool small; // 32 bits in the config
    bool inner; // no matter of the maker's
} LimitRow;

#define ROW(name, field, which, unit, small, inner)                    \
    {                                                                  \
        name, offsetof(QuiverConfig, field), which, unit, small, inner \
    }

static const LimitRow limit_rows[] = {
    ROW("memory", memory_limit, QUIVER_LIMIT_MEMORY, UNIT_COUNT, false, false),
    ROW("recursion", recursion_limit, QUIVER_LIMIT_RECURSION, UNIT_COUNT, true, true),
    ROW("time", time_limit, QUIVER_LIMIT_TIME, UNIT_SECONDS, false, false),
    ROW("cpu", cpu_limit, QUIVER_LIMIT_CPU, UNIT_SECONDS, false, false),
    ROW("fuel", fuel_limit, QUIVER_LIMIT_FUEL, UNIT_COUNT, false, false),
    ROW("output", output_limit, QUIVER_LIMIT_OUTPUT, UNIT_COUNT, false, false),
    ROW("grace", stop_grace, (QuiverLimit)0, UNIT_SECONDS, false, false),
    ROW("exit", exit_budget, (QuiverLimit)0, UNIT_SECONDS, false, false),
};

static const LimitRow *find_row(QvInterp *qi, QvObj *name)
{
    for (size_t k = 0; k < sizeof limit_rows / sizeof *limit_rows; k++) {
        if (qv_is_str(name) && qv_str_eq_ascii(name, limit_rows[k].name)) {
            return &limit_rows[k];
        }
    }
    qv_raise(qi, &qv_exc_ValueError, "unknown limit %R", name);
    return NULL;
}

// A positive amount in the limit's own unit; None: 0.
static int get_amount(QvInterp *qi, const LimitRow *row, QvObj *o, uint64_t *ret)
{
    *ret = 0;
    if (o == QV_NONE) {
        return 0;
    }
    if (row->unit == UNIT_SECONDS) {
        double seconds;
        if (qv_as_double(qi, o, &seconds) < 0) {
            return -1;
        }
        if (!(seconds > 0)) {
            return qv_raise_int(qi, &qv_exc_ValueError, "limit '%s' must be positive", row->name);
        }
        double ns = ceil(seconds * 1e9);
        *ret = ns >= 9e18 ? INT64_MAX : (uint64_t)ns;
        return 0;
    }
    QvSsize n;
    if (qv_index_ssize(qi, o, &n, &qv_exc_OverflowError) < 0) {
        return -1;
    }
    if (n <= 0) {
        return qv_raise_int(qi, &qv_exc_ValueError, "limit '%s' must be positive", row->name);
    }
    *ret = (uint64_t)n;
    return 0;
}

// Never more than the maker can lend: config has that already.
static int limits_option(QvInterp *qi, QvObj *o, QuiverConfig *config)
{
    if (!qv_is_dict(o)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "limits must be a dict, not %T", o);
    }
    QvObj *items = qv_dict_items_list(qi, o);
    int status = items ? 0 : -1;
    for (QvSsize k = 0; status == 0 && k < qv_list_len(items); k++) {
        QvObj *item = qv_list_peek(items, k);
        const LimitRow *row = find_row(qi, qv_tuple_peek(item, 0));
        uint64_t amount;
        status = row ? get_amount(qi, row, qv_tuple_peek(item, 1), &amount) : -1;
        if (status < 0 || amount == 0) {
            continue;
        }
        char *field = (char *)config + row->offset;
        if (row->small) {
            *(uint32_t *)(void *)field = amount < UINT32_MAX ? (uint32_t)amount : UINT32_MAX;
        } else {
            uint64_t *has = (uint64_t *)(void *)field;
            *has = *has && *has < amount ? *has : amount;
        }
    }
    qv_xdecref(qi, items);
    return status;
}

// The interpreter whose limits are set or read; NULL with an exception.
static QvInstance *limited(QvInterp *qi, QvObj *m, QvObj *const *args, const LimitRow **ret)
{
    *ret = find_row(qi, args[1]);
    if (!*ret) {
        return NULL;
    }
    if (!(*ret)->which) {
        qv_raise(qi, &qv_exc_ValueError, "limit '%s' is fixed when the interpreter is made",
                 (*ret)->name);
        return NULL;
    }
    return qv_interpreters_find(qi, m, args[0]);
}

// What was lent comes back, and is lent again as another amount.
static void lend_again(QvInstance *maker, QvInstance *child, QuiverLimit which, uint64_t amount)
{
    uint32_t epoch = 0;
    qv_lend_return(maker, which, qv_lend_left(child, which), child->limits.lender_epoch[which]);
    qv_lend_take_over(maker);
    qv_lend_take(maker, which, amount, &epoch);
    qv_lend_note(child, maker, which, amount, epoch);
}

QvObj *qv_interpreters_set_limit(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    const LimitRow *row;
    uint64_t amount = 0;
    QvInstance *self = qv_instance_of(qi), *inst = limited(qi, m, args, &row);
    if (!inst) {
        return NULL;
    }
    QvObj *result = NULL;
    bool mine = qv_lend_is_from(inst, row->which, self);
    if (inst == self || qv_atomic_load_u64(&inst->family) == 0) {
        qv_interpreters_raise(qi, m,
                              "cannot set limits of the current interpreter, nor of one that the "
                              "host has made");
    } else if (get_amount(qi, row, args[2], &amount) == 0) {
        uint64_t most = row->inner ? 0 : qv_lend_most(self, row->which);
        if (mine && most) { // what it has left counts as ours
            most += qv_lend_left(inst, row->which) / 2;
            amount = !amount || amount > most ? most : amount;
            lend_again(self, inst, row->which, amount);
        } else if (mine) { // a budget that the host has taken off meanwhile
            qv_lend_note(inst, self, row->which, 0, 0);
        } else if (qv_lend_is_from(inst, row->which, NULL)) { // another one's: it only gets less
            most = qv_lend_left(inst, row->which);
            most = most ? most : 1;
        }
        amount = most && (!amount || amount > most) ? most : amount;
        result = qv_limit_set(inst, row->which, amount) == 0
                     ? QV_NONE
                     : qv_raise(qi, &qv_exc_RuntimeError, "can't start new thread");
    }
    qv_instance_release(inst);
    return result;
}

QvObj *qv_interpreters_limit_left(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    const LimitRow *row;
    QvInstance *inst = limited(qi, m, args, &row);
    if (!inst) {
        return NULL;
    }
    uint64_t left = UINT64_MAX;
    (void)qv_limit_left(inst, row->which, &left);
    qv_instance_release(inst);
    if (left == UINT64_MAX) {
        return QV_NONE;
    }
    return row->unit == UNIT_SECONDS ? qv_float_new(qi, (double)left / 1e9)
                                     : qv_int_from_u64(qi, left);
}

// ---- streams ------------------------------------------------------------------------------------

static int stream_option(QvInterp *qi, QvObj *o, int fd, QuiverConfig *c)
{
    QuiverStream *mode = fd == 0   ? &c->stdin_stream
                         : fd == 1 ? &c->stdout_stream
                                   : &c->stderr_stream;
    if (qv_is_str(o) && qv_str_eq_ascii(o, "inherit")) { // as the maker's
        return 0;
    }
    if (qv_is_str(o) && qv_str_eq_ascii(o, "null")) {
        *mode = QUIVER_STREAM_NULL;
        return 0;
    }
    if (fd != 0 && qv_is_str(o) && qv_str_eq_ascii(o, "capture")) {
        *mode = QUIVER_STREAM_CAPTURE;
        return 0;
    }
    if (fd != 0 && qv_type_of(o)->id == QV_TID_channel_sender) {
        uint64_t *channel = fd == 1 ? &c->stdout_channel : &c->stderr_channel;
        QvObj *id = qv_getattr_cstr(qi, o, "id"); // ClosedError when it is closed
        int status = id ? qv_int_to_u64(qi, id, channel) : -1;
        qv_xdecref(qi, id);
        *mode = QUIVER_STREAM_CHANNEL;
        return status;
    }
    static const char *const names[] = {"stdin", "stdout", "stderr"};
    return qv_raise_int(
        qi, &qv_exc_ValueError, "%s must be %s, not %R", names[fd],
        fd == 0 ? "'inherit' or 'null'" : "'inherit', 'null', 'capture' or a channels.Sender", o);
}

static int overflow_option(QvInterp *qi, QvObj *o, QuiverConfig *c)
{
    static const char *const words[] = {"drop_old", "drop_new", "raise"};
    for (int k = 0; k < 3; k++) {
        if (qv_is_str(o) && qv_str_eq_ascii(o, words[k])) {
            c->overflow = (QuiverOverflow)k;
            return 0;
        }
    }
    return qv_raise_int(qi, &qv_exc_ValueError,
                        "overflow must be 'drop_old', 'drop_new' or 'raise', not %R", o);
}

QvObj *qv_interpreters_take_output(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int64_t fd = 0;
    char *data = NULL;
    size_t n = 0;
    QvInstance *inst = qv_interpreters_find(qi, m, args[0]);
    if (!inst) {
        return NULL;
    }
    QvObj *result = NULL;
    if (qv_int_to_i64(qi, args[1], &fd) == 0) {
        int64_t dropped = quiver_take_output((Quiver *)inst,
                                             fd == 1   ? 1
                                             : fd == 2 ? 2
                                                       : 0,
                                             &data, &n);
        QvObj *bytes = dropped < 0 ? qv_interpreters_raise(qi, m, "that stream is not captured")
                                   : qv_bytes_new(qi, data, (QvSsize)n);
        QvObj *count = bytes ? qv_int_from_i64(qi, dropped) : NULL;
        result = count ? qv_tuple_of(qi, 2, bytes, count) : NULL;
        qv_xdecref(qi, bytes);
        qv_xdecref(qi, count);
        quiver_string_free(data);
    }
    qv_instance_release(inst);
    return result;
}

// ---- capabilities -------------------------------------------------------------------------------

// The bits that a list of names stands for.
static int capabilities(QvInterp *qi, QvObj *o, const char *what, uint64_t *ret)
{
    static const char *const names[] = {"read",   "write",  "environment", "process",
                                        "socket", "thread", "interpreter", "native"};
    _Static_assert(QV_CAP_ALL == (1 << (sizeof names / sizeof *names)) - 1, "names");
    if (qv_is_str(o)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s must be a list of names, not a str", what);
    }
    QvObj *items = qv_to_tuple(qi, o);
    int status = items ? 0 : -1;
    *ret = 0;
    for (QvSsize k = 0; status == 0 && k < qv_tuple_len(items); k++) {
        QvObj *name = qv_tuple_peek(items, k);
        size_t bit = 0;
        while (bit < sizeof names / sizeof *names &&
               !(qv_is_str(name) && qv_str_eq_ascii(name, names[bit]))) {
            bit++;
        }
        if (bit == sizeof names / sizeof *names) {
            status = qv_raise_int(qi, &qv_exc_ValueError, "unknown capability %R", name);
        } else {
            *ret |= 1u << bit;
        }
    }
    qv_xdecref(qi, items);
    return status;
}

// ---- options ------------------------------------------------------------------------------------

typedef struct Wish {
    QuiverConfig config;
    Texts argv, path, read_dirs, write_dirs, imports;
    bool has_path;
} Wish;

// Directories below which alone the new interpreter may read or write: below the maker's own, where
// it has some (qv_caps_cover).
static int dirs_option(QvInterp *qi, QvObj *o, uint64_t cap, Texts *texts, const char *const **ret,
                       int *n)
{
    if (qv_cap_is_off(qi, cap)) {
        return qv_cap_raise(qi, cap, "directories of a new interpreter");
    }
    texts_fini(texts);
    *texts = (Texts){0};
    if (texts_from(qi, o, "directories", NULL, texts) < 0) {
        return -1;
    }
    *ret = (const char *const *)texts->items;
    *n = texts->n;
    return 0;
}

static int imports_option(QvInterp *qi, QvObj *o, Wish *w)
{
    if (w->config.import_allow) {
        return qv_raise_int(qi, &qv_exc_ValueError,
                            "import_allow cannot be given where this interpreter has such a list");
    }
    if (texts_from(qi, o, "names of modules", NULL, &w->imports) < 0) {
        return -1;
    }
    w->config.import_allow = (const char *const *)w->imports.items;
    w->config.nimport_allow = w->imports.n;
    return 0;
}

static int path_option(QvInterp *qi, QvObj *dirs, Wish *w)
{
    const char *library = w->config.stdlib_dir ? w->config.stdlib_dir : QV_STDLIB_DIR; // by itself
    if (texts_from(qi, dirs, "entries of path", library, &w->path) < 0) {
        return -1;
    }
    w->config.path = (const char *const *)w->path.items;
    w->config.npath = w->path.n;
    w->has_path = true;
    return 0;
}

// The profile of quiver_config_sandbox, on what the maker has.
static void make_sandbox(QuiverConfig *c)
{
    QuiverConfig box;
    quiver_config_init(&box);
    quiver_config_sandbox(&box);
    c->deny |= box.deny;
    c->clock_ns = c->clock_ns > box.clock_ns ? c->clock_ns : box.clock_ns;
    c->stdin_stream = box.stdin_stream;
    c->isolated = c->ignore_env = c->no_site = true;
    c->no_user_site = c->safe_path = c->dont_write_bytecode = true;
    c->exit_budget = c->exit_budget && c->exit_budget < box.exit_budget ? c->exit_budget
                                                                        : box.exit_budget;
}

static int one_option(QvInterp *qi, QvObj *key, QvObj *v, Wish *w)
{
    QuiverConfig *c = &w->config;
    uint64_t bits = 0;
    QvSsize n;
    if (v == QV_NONE) {
        return 0;
    }
#define IS(name) (qv_is_str(key) && qv_str_eq_ascii(key, name))
    if (IS("limits")) {
        return limits_option(qi, v, c);
    } else if (IS("allow") || IS("deny")) {
        bool allow = IS("allow");
        if (capabilities(qi, v, allow ? "allow" : "deny", &bits) < 0) {
            return -1;
        }
        c->deny |= allow ? QV_CAP_ALL & ~bits : bits;
        return 0;
    } else if (IS("stdin")) {
        return stream_option(qi, v, 0, c);
    } else if (IS("stdout")) {
        return stream_option(qi, v, 1, c);
    } else if (IS("stderr")) {
        return stream_option(qi, v, 2, c);
    } else if (IS("overflow")) {
        return overflow_option(qi, v, c);
    } else if (IS("capture_bytes")) {
        if (qv_index_ssize(qi, v, &n, &qv_exc_OverflowError) < 0) {
            return -1;
        }
        if (n <= 0) {
            return qv_raise_int(qi, &qv_exc_ValueError, "capture_bytes must be positive");
        }
        c->capture_bytes = (size_t)n; // which is no memory of a heap
        if (c->memory_limit && c->capture_bytes > c->memory_limit) {
            c->capture_bytes = c->memory_limit;
        }
        return 0;
    } else if (IS("argv")) {
        if (texts_from(qi, v, "argv", NULL, &w->argv) < 0) {
            return -1;
        }
        c->argv = (const char *const *)w->argv.items;
        c->argc = w->argv.n;
        return 0;
    } else if (IS("path")) {
        return path_option(qi, v, w);
    } else if (IS("read_dirs")) {
        return dirs_option(qi, v, QV_CAP_READ, &w->read_dirs, &c->read_dirs, &c->nread_dirs);
    } else if (IS("write_dirs")) {
        return dirs_option(qi, v, QV_CAP_WRITE, &w->write_dirs, &c->write_dirs, &c->nwrite_dirs);
    } else if (IS("import_allow")) {
        return imports_option(qi, v, w);
    } else if (IS("sandbox")) {
        int yes = qv_is_true(qi, v);
        if (yes > 0) {
            make_sandbox(c);
        }
        return yes < 0 ? -1 : 0;
    }
#undef IS
    return qv_raise_int(qi, &qv_exc_TypeError, "unknown option %R", key);
}

static int read_options(QvInterp *qi, QvObj *options, Wish *w)
{
    int status = 0;
    if (options && options != QV_NONE) {
        if (!qv_is_dict(options)) {
            return qv_raise_int(qi, &qv_exc_TypeError, "options must be a dict, not %T", options);
        }
        QvObj *items = qv_dict_items_list(qi, options);
        status = items ? 0 : -1;
        for (QvSsize k = 0; status == 0 && k < qv_list_len(items); k++) {
            QvObj *item = qv_list_peek(items, k);
            status = one_option(qi, qv_tuple_peek(item, 0), qv_tuple_peek(item, 1), w);
        }
        qv_xdecref(qi, items);
    }
    QvObj *dirs = status == 0 && !w->has_path ? qv_sys_peek(qi, QV_N(path)) : NULL;
    if (qv_err_occurred(qi)) { // sys could not be made
        return -1;
    }
    return dirs && qv_is_list(dirs) ? path_option(qi, dirs, w) : status;
}

// What the maker lends to one that is about to be made, and takes back when that fails.
typedef struct Loan {
    uint64_t amount;
    uint32_t epoch;
} Loan;

static void lend(QvInstance *maker, QuiverConfig *c, Loan loans[QUIVER_LIMIT_OUTPUT + 1])
{
    _Static_assert(sizeof c->memory_limit == sizeof(uint64_t), "limits are of one size");
    for (size_t k = 0; k < sizeof limit_rows / sizeof *limit_rows; k++) {
        const LimitRow *row = &limit_rows[k];
        bool lent = row->which && row->which != QUIVER_LIMIT_TIME && !row->inner;
        uint64_t most = lent ? qv_lend_most(maker, row->which) : 0;
        if (most) { // less than when the options were read: that has used some of it
            uint64_t *amount = (uint64_t *)(void *)((char *)c + row->offset);
            *amount = *amount && *amount < most ? *amount : most;
            loans[row->which].amount = *amount;
            qv_lend_take(maker, row->which, *amount, &loans[row->which].epoch);
        }
    }
}

static void settle(QvInstance *maker, QvInstance *child, const Loan *loans)
{
    for (QuiverLimit w = QUIVER_LIMIT_MEMORY; w <= QUIVER_LIMIT_OUTPUT; w++) {
        if (loans[w].amount && child) {
            qv_lend_note(child, maker, w, loans[w].amount, loans[w].epoch);
        } else if (loans[w].amount) {
            qv_lend_return(maker, w, loans[w].amount, loans[w].epoch);
        }
    }
}

// The maker's directories, where it has some and the options say nothing else.
static int inherit_dirs(QvInterp *qi, Wish *w)
{
    for (int which = 0; qi->caps && which < 2; which++) {
        Texts *t = which == 0 ? &w->read_dirs : &w->write_dirs;
        int n = qi->caps->ndirs[which];
        t->items = n ? calloc((size_t)n + 1, sizeof *t->items) : NULL;
        for (int k = 0; t->items && k < n; k++) {
            char *given = strdup(qi->caps->dirs[which][k].given);
            if (!given) {
                qv_raise_oom(qi);
                return -1;
            }
            t->items[t->n++] = given;
        }
        if (n && !t->items) {
            qv_raise_oom(qi);
            return -1;
        }
    }
    w->config.read_dirs = (const char *const *)w->read_dirs.items;
    w->config.nread_dirs = w->read_dirs.n;
    w->config.write_dirs = (const char *const *)w->write_dirs.items;
    w->config.nwrite_dirs = w->write_dirs.n;
    return 0;
}

QvObj *qv_interpreters_create(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvInstance *self = qv_instance_of(qi);
    QvObj *result = NULL;
    Wish w = {0};
    inherit(self, &w.config);
    int linked = args[1] ? qv_is_true(qi, args[1]) : 0;
    if (linked >= 0 && inherit_dirs(qi, &w) == 0 && apply_config(qi, m, args[0], &w.config) == 0 &&
        read_options(qi, args[2], &w) == 0) {
        Loan loans[QUIVER_LIMIT_OUTPUT + 1] = {0};
        lend(self, &w.config, loans);
        QvHeapAway *payer = NULL; // handles keep the struct of an interpreter that has ended
        bool paid = qv_heap_send_away(&qi->heap, sizeof(QvInstance), &payer);
        qi->hooks.unlock(qi);
        QvInstance *inst = paid ? qv_instance_new(&w.config) : NULL;
        if (!inst) {
            qv_heap_came_back(payer, sizeof *inst);
        } else {
            inst->payer = payer;
            qv_atomic_store_u32(&inst->linked, (uint32_t)linked);
            qv_atomic_store_u32(&self->has_family, 1);
            inst->limits.time_cap = qv_limits_time_end(self);
        }
        settle(self, inst, loans);
        // A path may mean another folder than it did for the maker.
        bool covered = !inst || qv_caps_cover(qi, &inst->qi);
        uint64_t id = inst ? inst->qi.id : 0;
        if (!covered) {
            (void)qv_instance_free(inst);
        } else if (inst) { // from now on others find it, and may end it
            qv_atomic_store_u64(&inst->family, qv_interpreters_family(self));
        }
        qi->hooks.lock(qi);
        if (!covered) {
            qv_cap_raise(qi, qi->deny & (QV_CAP_READ | QV_CAP_WRITE),
                         "directories of a new interpreter");
        } else {
            result = inst ? qv_int_from_u64(qi, id)
                          : qv_interpreters_raise(qi, m, "interpreter creation failed: no memory");
        }
    }
    texts_fini(&w.argv);
    texts_fini(&w.path);
    texts_fini(&w.read_dirs);
    texts_fini(&w.write_dirs);
    texts_fini(&w.imports);
    return result;
}
