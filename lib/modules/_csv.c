// SPDX-License-Identifier: MIT
// The module _csv: reading and writing of delimited text.
#include "modules/modules.h"
#include "object/descr.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/float.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/iter.h"
#include "object/key.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

typedef struct Module {
    QvObj *error;    // csv.Error
    QvObj *dialects; // dict: name -> Dialect
    int64_t limit;   // most characters of a field that is read
} Module;

typedef enum Quoting { MINIMAL, ALL, NONNUMERIC, NONE } Quoting;

#define UNSET UINT32_MAX // no such character

typedef struct Dialect {
    QvObj h;
    uint32_t delimiter, quotechar, escapechar; // UNSET: none
    bool doublequote, skipinitialspace, strict;
    Quoting quoting;
    QvObj *lineterminator; // str
} Dialect;

static Dialect *as_dialect(QvObj *o) { return (Dialect *)o; }

static Module *module_of(QvInterp *qi) { return qv_modules_state(qi, &qv_module__csv); }

// csv.Error. Always NULL.
static QvObj *fail(QvInterp *qi, const char *fmt, ...)
{
    Module *m = module_of(qi);
    if (m) {
        va_list ap;
        va_start(ap, fmt);
        qv_raise_v(qi, (QvType *)m->error, fmt, ap);
        va_end(ap);
    }
    return NULL;
}

// ---- dialects -----------------------------------------------------------------------------------

enum {
    ARG_DIALECT,
    ARG_DELIMITER,
    ARG_DOUBLEQUOTE,
    ARG_ESCAPECHAR,
    ARG_LINETERMINATOR,
    ARG_QUOTECHAR,
    ARG_QUOTING,
    ARG_SKIPSPACE,
    ARG_STRICT,
    ARG_COUNT
};

static const char *const arg_names[ARG_COUNT] = {"dialect",    "delimiter",        "doublequote",
                                                 "escapechar", "lineterminator",   "quotechar",
                                                 "quoting",    "skipinitialspace", "strict"};

static int read_char(QvInterp *qi, QvObj *o, const char *name, uint32_t dflt, bool optional,
                     uint32_t *ret)
{
    *ret = dflt;
    if (!o) {
        return 0;
    }
    *ret = UNSET;
    if (optional && o == QV_NONE) {
        return 0;
    }
    if (!qv_is_str(o)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "\"%s\" must be string%s, not %.200T", name,
                            optional ? " or None" : "", o);
    }
    if (qv_str_len(o) != 1) {
        return qv_raise_int(qi, &qv_exc_TypeError, "\"%s\" must be a 1-character string", name);
    }
    *ret = qv_str_read(o, 0);
    return 0;
}

static int read_bool(QvInterp *qi, QvObj *o, bool dflt, bool *ret)
{
    int truth = o ? qv_is_true(qi, o) : dflt;
    *ret = truth > 0;
    return truth < 0 ? -1 : 0;
}

static int read_quoting(QvInterp *qi, QvObj *o, Quoting *ret)
{
    *ret = MINIMAL;
    if (!o) {
        return 0;
    }
    int64_t v;
    if (!qv_is_int_exact(o)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "\"quoting\" must be an integer");
    }
    if (qv_int_as_i64(o, &v) != 1 || v < MINIMAL || v > NONE) {
        return qv_raise_int(qi, &qv_exc_TypeError, "bad \"quoting\" value");
    }
    *ret = (Quoting)v;
    return 0;
}

// Fills d from the arguments (NULL: not given). 0/-1.
static int fill_dialect(QvInterp *qi, Dialect *d, QvObj *const *a)
{
    if (read_char(qi, a[ARG_DELIMITER], "delimiter", ',', false, &d->delimiter) < 0 ||
        read_bool(qi, a[ARG_DOUBLEQUOTE], true, &d->doublequote) < 0 ||
        read_char(qi, a[ARG_ESCAPECHAR], "escapechar", UNSET, true, &d->escapechar) < 0) {
        return -1;
    }
    if (a[ARG_LINETERMINATOR] && a[ARG_LINETERMINATOR] != QV_NONE &&
        !qv_is_str(a[ARG_LINETERMINATOR])) {
        return qv_raise_int(qi, &qv_exc_TypeError, "\"lineterminator\" must be a string");
    }
    if (read_char(qi, a[ARG_QUOTECHAR], "quotechar", '"', true, &d->quotechar) < 0 ||
        read_quoting(qi, a[ARG_QUOTING], &d->quoting) < 0 ||
        read_bool(qi, a[ARG_SKIPSPACE], false, &d->skipinitialspace) < 0 ||
        read_bool(qi, a[ARG_STRICT], false, &d->strict) < 0) {
        return -1;
    }
    if (a[ARG_QUOTECHAR] == QV_NONE && !a[ARG_QUOTING]) {
        d->quoting = NONE;
    }
    if (d->quoting != NONE && d->quotechar == UNSET) {
        return qv_raise_int(qi, &qv_exc_TypeError, "quotechar must be set if quoting enabled");
    }
    if (a[ARG_LINETERMINATOR] == QV_NONE) {
        return qv_raise_int(qi, &qv_exc_TypeError, "lineterminator must be set");
    }
    d->lineterminator = a[ARG_LINETERMINATOR] ? qv_new_ref(qi, a[ARG_LINETERMINATOR])
                                              : qv_str_new_ascii(qi, "\r\n", 2);
    return d->lineterminator ? 0 : -1;
}

// The dialect registered under a name: new reference; csv.Error "unknown dialect".
static QvObj *registered(QvInterp *qi, QvObj *name)
{
    Module *m = module_of(qi);
    QvObj *d;
    int found = m ? qv_dict_get(qi, m->dialects, name, &d) : -1;
    return found > 0 ? qv_new_ref(qi, d) : found < 0 ? NULL : fail(qi, "unknown dialect");
}

static QvObj *dialect_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                          QvObj *kwnames)
{
    QvObj *a[ARG_COUNT], *owned[ARG_COUNT] = {NULL};
    if (qv_args(qi,
                "Dialect(dialect=None, delimiter=',', doublequote=True, escapechar=None, "
                "lineterminator='rn', quotechar=None, quoting=0, skipinitialspace=False, "
                "strict=False)",
                args, nargs, kwnames, a) < 0) {
        return NULL;
    }
    QvObj *base = a[ARG_DIALECT] && a[ARG_DIALECT] != QV_NONE ? a[ARG_DIALECT] : NULL, *ret = NULL;
    if (base && qv_is_str(base)) {
        base = owned[0] = registered(qi, base);
        if (!base) {
            return NULL;
        }
    }
    bool plain = true;
    for (int k = 1; k < ARG_COUNT; k++) {
        plain &= a[k] == NULL;
    }
    if (plain && base && base->type == &qv_csv_dialect_type) {
        ret = qv_new_ref(qi, base);
        goto done;
    }
    for (int k = 1; base && k < ARG_COUNT; k++) {
        if (!a[k]) { // what the base has
            QvObj *name = qv_str_intern_cstr(qi, arg_names[k]);
            int found = name ? qv_getattr_try(qi, base, name, &owned[k]) : -1;
            qv_xdecref(qi, name);
            if (found < 0) {
                goto done;
            }
            a[k] = found ? owned[k] : NULL;
        }
    }
    ret = qv_obj_new(qi, type);
    if (ret && fill_dialect(qi, as_dialect(ret), a) < 0) {
        qv_clear(qi, &ret);
    }
done:
    for (int k = 0; k < ARG_COUNT; k++) {
        qv_xdecref(qi, owned[k]);
    }
    return ret;
}

static void dialect_fini(QvInterp *qi, QvObj *o) { qv_clear(qi, &as_dialect(o)->lineterminator); }

static QvObj *char_or_none(QvInterp *qi, uint32_t c)
{
    return c == UNSET ? QV_NONE : qv_str_from_char(qi, c);
}
static QvObj *get_delimiter(QvInterp *qi, QvObj *o)
{
    return char_or_none(qi, as_dialect(o)->delimiter);
}
static QvObj *get_escapechar(QvInterp *qi, QvObj *o)
{
    return char_or_none(qi, as_dialect(o)->escapechar);
}
static QvObj *get_quotechar(QvInterp *qi, QvObj *o)
{
    return char_or_none(qi, as_dialect(o)->quotechar);
}
static QvObj *get_doublequote(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bool(as_dialect(o)->doublequote);
}
static QvObj *get_skipspace(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bool(as_dialect(o)->skipinitialspace);
}
static QvObj *get_strict(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bool(as_dialect(o)->strict);
}
static QvObj *get_quoting(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, as_dialect(o)->quoting);
}
static QvObj *get_lineterminator(QvInterp *qi, QvObj *o)
{
    return qv_new_ref(qi, as_dialect(o)->lineterminator);
}

static QvObj *dialect_no_pickle(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return qv_raise(qi, &qv_exc_TypeError, "cannot pickle '%s' instances",
                    qv_type_short_name(self->type));
}

static const QvGetSet dialect_getsets[] = {
    {"delimiter", get_delimiter, NULL, NULL},
    {"doublequote", get_doublequote, NULL, NULL},
    {"escapechar", get_escapechar, NULL, NULL},
    {"lineterminator", get_lineterminator, NULL, NULL},
    {"quotechar", get_quotechar, NULL, NULL},
    {"quoting", get_quoting, NULL, NULL},
    {"skipinitialspace", get_skipspace, NULL, NULL},
    {"strict", get_strict, NULL, NULL},
    {0},
};

static const QvNativeDef dialect_methods[] = {
    {"__reduce__", dialect_no_pickle, "($self, /)", NULL},
    {"__reduce_ex__", dialect_no_pickle, "($self, protocol, /)", NULL},
    {0},
};

QV_SEALED QvType qv_csv_dialect_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_csv.Dialect",
    .id = QV_TID_csv_dialect,
    .flags = QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(Dialect),
    .doc = "CSV dialect\n\nThe Dialect type records CSV dialect options.",
    .methods = dialect_methods,
    .getsets = dialect_getsets,
    .new_ = dialect_new,
    .fini = dialect_fini,
};

// A Dialect from what reader() and writer() were given: new reference.
static QvObj *make_dialect(QvInterp *qi, QvObj *base /*NULL*/, QvObj *kwargs /*NULL*/)
{
    QvObj *args = base ? qv_tuple_of(qi, 1, base) : QV_EMPTY_TUPLE;
    QvObj *d = args ? qv_call_tuple(qi, &qv_csv_dialect_type.h, args, kwargs) : NULL;
    qv_xdecref(qi, args);
    return d;
}

// ---- reader -------------------------------------------------------------------------------------

typedef enum ReadState {
    START_RECORD,
    START_FIELD,
    ESCAPED_CHAR,
    IN_FIELD,
    IN_QUOTED_FIELD,
    ESCAPE_IN_QUOTED_FIELD,
    QUOTE_IN_QUOTED_FIELD,
    EAT_CRNL,
    AFTER_ESCAPED_CRNL,
} ReadState;

#define END_OF_LINE (UINT32_MAX - 1) // what is fed after the last character of a line

typedef struct Reader {
    QvObj h;
    QvObj *lines;   // iterator
    QvObj *dialect; // Dialect
    uint64_t line_num;
} Reader;

static Reader *as_reader(QvObj *o) { return (Reader *)o; }

// One record in the making: on the C stack, so that a reader used again from its own iterator does
// no harm.
typedef struct Record {
    QvInterp *qi;
    const Dialect *d;
    QvObj *fields; // list
    QvStrBuf field;
    int64_t limit;
    ReadState state;
    bool numeric; // the field was not quoted, under QUOTE_NONNUMERIC
} Record;

static int save_field(Record *r)
{
    QvObj *s = qv_strbuf_finish(&r->field);
    qv_strbuf_init(r->qi, &r->field);
    if (s && r->numeric) {
        QvObj *number = qv_to_float(r->qi, s);
        qv_decref(r->qi, s);
        s = number;
    }
    r->numeric = false;
    return qv_list_append_take(r->qi, r->fields, s);
}

static int add_char(Record *r, uint32_t c)
{
    if (r->field.len >= r->limit) {
        fail(r->qi, "field larger than field limit (%lld)", (long long)r->limit);
        return -1;
    }
    qv_strbuf_char(&r->field, c);
    return 0;
}

static int end_field(Record *r, uint32_t c)
{
    r->state = c == END_OF_LINE ? START_RECORD : c == r->d->delimiter ? START_FIELD : EAT_CRNL;
    return save_field(r);
}

static bool is_end(uint32_t c) { return c == '\n' || c == '\r' || c == END_OF_LINE; }

static int process(Record *r, uint32_t c)
{
    const Dialect *d = r->d;
    switch (r->state) {
    case START_RECORD:
        if (c == END_OF_LINE) { // an empty line: an empty record
            return 0;
        }
        if (is_end(c)) {
            r->state = EAT_CRNL;
            return 0;
        }
        r->state = START_FIELD;
        __attribute__((fallthrough));
    case START_FIELD:
        if (is_end(c) || c == d->delimiter) {
            return end_field(r, c);
        }
        if (c == d->quotechar && d->quoting != NONE) {
            r->state = IN_QUOTED_FIELD;
        } else if (c == d->escapechar) {
            r->state = ESCAPED_CHAR;
        } else if (c != ' ' || !d->skipinitialspace) {
            r->numeric = d->quoting == NONNUMERIC;
            r->state = IN_FIELD;
            return add_char(r, c);
        }
        return 0;
    case ESCAPED_CHAR:
        r->state = c == '\n' || c == '\r' ? AFTER_ESCAPED_CRNL : IN_FIELD;
        return add_char(r, c == END_OF_LINE ? '\n' : c);
    case AFTER_ESCAPED_CRNL:
        if (c == END_OF_LINE) {
            return 0;
        }
        __attribute__((fallthrough));
    case IN_FIELD:
        if (is_end(c) || c == d->delimiter) {
            return end_field(r, c);
        }
        if (c == d->escapechar) {
            r->state = ESCAPED_CHAR;
            return 0;
        }
        return add_char(r, c);
    case IN_QUOTED_FIELD:
        if (c == END_OF_LINE) {
            return 0;
        }
        if (c == d->escapechar) {
            r->state = ESCAPE_IN_QUOTED_FIELD;
        } else if (c == d->quotechar && d->quoting != NONE) {
            r->state = d->doublequote ? QUOTE_IN_QUOTED_FIELD : IN_FIELD;
        } else {
            return add_char(r, c);
        }
        return 0;
    case ESCAPE_IN_QUOTED_FIELD:
        r->state = IN_QUOTED_FIELD;
        return add_char(r, c == END_OF_LINE ? '\n' : c);
    case QUOTE_IN_QUOTED_FIELD:
        if (d->quoting != NONE && c == d->quotechar) { // two of them stand for one
            r->state = IN_QUOTED_FIELD;
            return add_char(r, c);
        }
        if (is_end(c) || c == d->delimiter) {
            return end_field(r, c);
        }
        if (d->strict) {
            QvObj *a = qv_str_from_char(r->qi, d->delimiter);
            QvObj *b = a ? qv_str_from_char(r->qi, d->quotechar) : NULL;
            if (b) {
                fail(r->qi, "'%U' expected after '%U'", a, b);
            }
            qv_xdecref(r->qi, a);
            qv_xdecref(r->qi, b);
            return -1;
        }
        r->state = IN_FIELD;
        return add_char(r, c);
    case EAT_CRNL:
        if (c == END_OF_LINE) {
            r->state = START_RECORD;
        } else if (!is_end(c)) {
            fail(r->qi, "new-line character seen in unquoted field - do you need to open the file "
                        "in universal-newline mode?");
            return -1;
        }
        return 0;
    }
    return 0;
}

// Feeds the next line. 1, 0 at the end of the iterator, -1.
static int feed_line(Record *r, Reader *reader)
{
    QvObj *line = qv_next(r->qi, reader->lines);
    if (!line) {
        return qv_err_occurred(r->qi) ? -1 : 0;
    }
    if (!qv_is_str(line)) {
        fail(r->qi,
             "iterator should return strings, not %.200T (the file should be opened in text mode)",
             line);
        qv_decref(r->qi, line);
        return -1;
    }
    reader->line_num++;
    int status = 0;
    QvSsize n = qv_str_len(line);
    for (QvSsize i = 0; i < n && status == 0; i++) {
        status = process(r, qv_str_read(line, i));
        status = status == 0 ? qv_poll_step(r->qi, i) : status;
    }
    status = status == 0 ? process(r, END_OF_LINE) : status;
    qv_decref(r->qi, line);
    return status < 0 ? -1 : 1;
}

static QvObj *reader_next(QvInterp *qi, QvObj *o)
{
    Reader *reader = as_reader(o);
    Module *m = module_of(qi);
    if (!m) {
        return NULL;
    }
    Record r = {.qi = qi, .d = as_dialect(reader->dialect), .limit = m->limit};
    qv_strbuf_init(qi, &r.field);
    r.fields = qv_list_new(qi, 0);
    bool good = r.fields != NULL;
    do {
        int fed = good ? feed_line(&r, reader) : -1;
        if (fed == 0) {
            if (r.field.len == 0 && r.state != IN_QUOTED_FIELD) { // the end
                good = false;
            } else if (r.d->strict) {
                fail(qi, "unexpected end of data");
                good = false;
            } else {
                good = save_field(&r) == 0;
            }
            break;
        }
        good = fed > 0;
    } while (good && r.state != START_RECORD);
    qv_strbuf_fini(&r.field);
    if (!good) {
        qv_xdecref(qi, r.fields);
        return NULL;
    }
    return r.fields;
}

static void reader_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_reader(o)->lines);
    qv_clear(qi, &as_reader(o)->dialect);
}

static int reader_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_reader(o)->lines);
    QV_VISIT(as_reader(o)->dialect);
    return 0;
}

static QvObj *reader_get_line_num(QvInterp *qi, QvObj *o)
{
    return qv_int_from_u64(qi, as_reader(o)->line_num);
}
static QvObj *reader_get_dialect(QvInterp *qi, QvObj *o)
{
    return qv_new_ref(qi, as_reader(o)->dialect);
}

static const QvGetSet reader_getsets[] = {
    {"dialect", reader_get_dialect, qv_getset_readonly, NULL},
    {"line_num", reader_get_line_num, qv_getset_readonly, NULL},
    {0},
};

QV_SEALED QvType qv_csv_reader_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_csv.reader",
    .id = QV_TID_csv_reader,
    .flags = QV_T_GC | QV_T_NO_NEW,
    .base = &qv_object_type,
    .size = sizeof(Reader),
    .doc = "CSV reader\n\nReader objects are responsible for reading and parsing tabular data\nin "
           "CSV format.\n",
    .getsets = reader_getsets,
    .fini = reader_fini,
    .traverse = reader_traverse,
    .iter = qv_iter_self,
    .next = reader_next,
};

// ---- writer -------------------------------------------------------------------------------------

typedef struct Writer {
    QvObj h;
    QvObj *write;   // bound method
    QvObj *dialect; // Dialect
} Writer;

static Writer *as_writer(QvObj *o) { return (Writer *)o; }

// Must c be quoted or escaped?
static bool is_special(const Dialect *d, uint32_t c)
{
    if (c == d->delimiter || c == d->escapechar || c == d->quotechar) {
        return true;
    }
    for (QvSsize i = 0; i < qv_str_len(d->lineterminator); i++) {
        if (qv_str_read(d->lineterminator, i) == c) {
            return true;
        }
    }
    return false;
}

// Does a special character get the escape character before it (else it is quoted, or doubled)?
static bool is_escaped(const Dialect *d, uint32_t c)
{
    return d->quoting == NONE || (c == d->quotechar ? !d->doublequote : c == d->escapechar);
}

// Appends a field (NULL: an empty one). 0/-1.
static int join_field(QvInterp *qi, const Dialect *d, QvStrBuf *b, QvObj *s, bool quoted,
                      bool first)
{
    QvSsize n = s ? qv_str_len(s) : 0;
    for (QvSsize i = 0; i < n; i++) {
        if (qv_poll_step(qi, i) < 0) { // the caller holds s
            return -1;
        }
        uint32_t c = qv_str_read(s, i);
        if (!is_special(d, c)) {
            continue;
        }
        if (!is_escaped(d, c)) {
            quoted = true;
        } else if (d->escapechar == UNSET) {
            fail(qi, "need to escape, but no escapechar set");
            return -1;
        }
    }
    if (!first) {
        qv_strbuf_char(b, d->delimiter);
    }
    if (quoted) {
        qv_strbuf_char(b, d->quotechar);
    }
    for (QvSsize i = 0; i < n; i++) {
        if (qv_poll_step(qi, i) < 0) {
            return -1;
        }
        uint32_t c = qv_str_read(s, i);
        if (is_special(d, c)) {
            if (is_escaped(d, c)) {
                qv_strbuf_char(b, d->escapechar);
            } else if (c == d->quotechar) {
                qv_strbuf_char(b, c);
            }
        }
        qv_strbuf_char(b, c);
    }
    if (quoted) {
        qv_strbuf_char(b, d->quotechar);
    }
    return 0;
}

static bool is_number(const QvObj *o)
{
    const QvType *t = o->type;
    return qv_is_int(o) || qv_is_float(o) || qv_is_complex(o) || t->index || t->to_int ||
           t->to_float;
}

static QvObj *write_row(QvInterp *qi, Writer *w, QvObj *row)
{
    const Dialect *d = as_dialect(w->dialect);
    QvObj *it = qv_iter(qi, row), *field;
    if (!it) {
        if (qv_err_matches(qi, &qv_exc_TypeError)) {
            qv_err_clear(qi);
            fail(qi, "iterable expected, not %.200T", row);
        }
        return NULL;
    }
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    int status = 0;
    QvSsize n = 0;
    for (; status == 0 && (field = qv_next(qi, it)) != NULL; n++) {
        bool quoted = d->quoting == ALL || (d->quoting == NONNUMERIC && !is_number(field));
        QvObj *s = field == QV_NONE   ? NULL
                   : qv_is_str(field) ? qv_new_ref(qi, field)
                                      : qv_str(qi, field);
        status = !s && field != QV_NONE ? -1 : join_field(qi, d, &b, s, quoted, n == 0);
        qv_xdecref(qi, s);
        qv_decref(qi, field);
        status = status == 0 ? qv_poll_step(qi, n) : status;
    }
    qv_decref(qi, it);
    if (status == 0 && qv_err_occurred(qi)) {
        status = -1;
    }
    if (status == 0 && n > 0 && b.len == 0) { // else it would read back as no field
        if (d->quoting == NONE) {
            fail(qi, "single empty field record must be quoted");
            status = -1;
        } else {
            status = join_field(qi, d, &b, NULL, true, true);
        }
    }
    if (status < 0) {
        qv_strbuf_fini(&b);
        return NULL;
    }
    qv_strbuf_str(&b, d->lineterminator);
    QvObj *line = qv_strbuf_finish(&b);
    QvObj *ret = line ? qv_call1(qi, w->write, line) : NULL;
    qv_xdecref(qi, line);
    return ret;
}

static QvObj *writer_writerow(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return write_row(qi, as_writer(self), args[0]);
}

static QvObj *writer_writerows(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *it = qv_iter(qi, args[0]), *row;
    if (!it) {
        return NULL;
    }
    while ((row = qv_next(qi, it)) != NULL) {
        QvObj *r = write_row(qi, as_writer(self), row);
        qv_decref(qi, row);
        if (!r) {
            break;
        }
        qv_decref(qi, r);
    }
    qv_decref(qi, it);
    return qv_err_occurred(qi) ? NULL : QV_NONE;
}

static void writer_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_writer(o)->write);
    qv_clear(qi, &as_writer(o)->dialect);
}

static int writer_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_writer(o)->write);
    QV_VISIT(as_writer(o)->dialect);
    return 0;
}

static QvObj *writer_get_dialect(QvInterp *qi, QvObj *o)
{
    return qv_new_ref(qi, as_writer(o)->dialect);
}

static const QvGetSet writer_getsets[] = {
    {"dialect", writer_get_dialect, qv_getset_readonly, NULL},
    {0},
};

static const QvNativeDef writer_methods[] = {
    {"writerow", writer_writerow, "($self, row, /)",
     "writerow(iterable)\n\nConstruct and write a CSV record from an iterable of fields.  "
     "Non-string\nelements will be converted to string."},
    {"writerows", writer_writerows, "($self, rows, /)",
     "writerows(iterable of iterables)\n\nConstruct and write a series of iterables to a csv "
     "file.  Non-string\nelements will be converted to string."},
    {0},
};

QV_SEALED QvType qv_csv_writer_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_csv.writer",
    .id = QV_TID_csv_writer,
    .flags = QV_T_GC | QV_T_NO_NEW,
    .base = &qv_object_type,
    .size = sizeof(Writer),
    .doc = "CSV writer\n\nWriter objects are responsible for generating tabular data\nin CSV "
           "format from sequence input.\n",
    .methods = writer_methods,
    .getsets = writer_getsets,
    .fini = writer_fini,
    .traverse = writer_traverse,
};

// ---- module -------------------------------------------------------------------------------------

// The one or two positional arguments of (*args, **kwargs). 0/-1.
static int unpack(QvInterp *qi, QvObj *args, QvObj *ret[2])
{
    QvSsize n = qv_tuple_len(args);
    if (n < 1 || n > 2) {
        return qv_raise_int(qi, &qv_exc_TypeError, " expected at %s %d argument%s, got %zd",
                            n < 1 ? "least" : "most", n < 1 ? 1 : 2, n < 1 ? "" : "s", n);
    }
    ret[0] = qv_tuple_peek(args, 0);
    ret[1] = n > 1 ? qv_tuple_peek(args, 1) : NULL;
    return 0;
}

static QvObj *mod_reader(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvObj *a[2] = {NULL};
    if (unpack(qi, args[0], a) < 0) {
        return NULL;
    }
    QvObj *o = qv_obj_new(qi, &qv_csv_reader_type);
    if (o && (!(as_reader(o)->lines = qv_iter(qi, a[0])) ||
              !(as_reader(o)->dialect = make_dialect(qi, a[1], args[1])))) {
        qv_clear(qi, &o);
    }
    return o;
}

static QvObj *mod_writer(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvObj *a[2] = {NULL};
    if (unpack(qi, args[0], a) < 0) {
        return NULL;
    }
    QvObj *o = qv_obj_new(qi, &qv_csv_writer_type);
    if (!o) {
        return NULL;
    }
    int found = qv_getattr_try(qi, a[0], QV_N(write), &as_writer(o)->write);
    if (found == 0 || (found > 0 && !qv_is_callable(as_writer(o)->write))) {
        qv_raise(qi, &qv_exc_TypeError, "argument 1 must have a \"write\" method");
        found = -1;
    }
    if (found < 0 || !(as_writer(o)->dialect = make_dialect(qi, a[1], args[1]))) {
        qv_clear(qi, &o);
    }
    return o;
}

static QvObj *mod_register(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *a[2] = {NULL};
    if (unpack(qi, args[0], a) < 0) {
        return NULL;
    }
    if (!qv_is_str(a[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "dialect name must be a string");
    }
    QvObj *d = make_dialect(qi, a[1], args[1]);
    int status = d ? qv_dict_set(qi, ((Module *)qv_module_state(m))->dialects, a[0], d) : -1;
    qv_xdecref(qi, d);
    return status < 0 ? NULL : QV_NONE;
}

static QvObj *mod_unregister(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *d = NULL;
    int found = qv_dict_pop(qi, ((Module *)qv_module_state(m))->dialects, args[0], &d);
    if (found > 0) {
        qv_decref(qi, d);
    }
    return found < 0 ? NULL : found ? QV_NONE : fail(qi, "unknown dialect");
}

static QvObj *mod_get(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return registered(qi, args[0]);
}

static QvObj *mod_list(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return qv_dict_keys_list(qi, ((Module *)qv_module_state(m))->dialects);
}

static QvObj *mod_limit(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    Module *state = qv_module_state(m);
    int64_t old = state->limit;
    if (args[0]) {
        int64_t limit;
        if (!qv_is_int_exact(args[0])) {
            return qv_raise(qi, &qv_exc_TypeError, "limit must be an integer");
        }
        if (qv_int_as_i64(args[0], &limit) != 1) {
            return qv_raise(qi, &qv_exc_OverflowError, "Python int too large to convert to C long");
        }
        state->limit = limit;
    }
    return qv_int_from_i64(qi, old);
}

static const QvNativeDef functions[] = {
    {"reader", mod_reader, "($module, /, *args, **kwargs)",
     "csv_reader = reader(iterable [, dialect='excel'] [optional keyword args])"},
    {"writer", mod_writer, "($module, /, *args, **kwargs)",
     "csv_writer = csv.writer(fileobj [, dialect='excel'] [optional keyword args])"},
    {"list_dialects", mod_list, "($module, /)", "Return a list of all known dialect names."},
    {"register_dialect", mod_register, "($module, /, *args, **kwargs)",
     "Create a mapping from a string name to a dialect class."},
    {"unregister_dialect", mod_unregister, "($module, /, name)",
     "Delete the name/dialect mapping associated with a string name."},
    {"get_dialect", mod_get, "($module, /, name)",
     "Return the dialect instance associated with name."},
    {"field_size_limit", mod_limit, "($module, /, new_limit=None)",
     "Sets an upper limit on parsed fields."},
    {0},
};

static int init(QvInterp *qi, QvObj *m)
{
    Module *s = qv_module_state(m);
    s->limit = 128 * 1024;
    s->dialects = qv_dict_new(qi);
    s->error = s->dialects ? qv_modules_exception(qi, "_csv.Error", NULL) : NULL;
    if (!s->error || qv_module_add(qi, m, "Error", s->error) < 0 ||
        qv_module_add(qi, m, "_dialects", s->dialects) < 0 ||
        qv_module_add(qi, m, "Dialect", &qv_csv_dialect_type.h) < 0 ||
        qv_module_add(qi, m, "Reader", &qv_csv_reader_type.h) < 0 ||
        qv_module_add(qi, m, "Writer", &qv_csv_writer_type.h) < 0 ||
        qv_module_add_str(qi, m, "__version__", "1.0") < 0) {
        return -1;
    }
    return qv_module_add_int(qi, m, "QUOTE_MINIMAL", MINIMAL) < 0 ||
                   qv_module_add_int(qi, m, "QUOTE_ALL", ALL) < 0 ||
                   qv_module_add_int(qi, m, "QUOTE_NONNUMERIC", NONNUMERIC) < 0
               ? -1
               : qv_module_add_int(qi, m, "QUOTE_NONE", NONE);
}

static void fini(QvInterp *qi, QvObj *m)
{
    Module *s = qv_module_state(m);
    qv_clear(qi, &s->error);
    qv_clear(qi, &s->dialects);
}

static int traverse(QvObj *m, QvVisit visit, void *ctx)
{
    Module *s = qv_module_state(m);
    QV_VISIT(s->error);
    QV_VISIT(s->dialects);
    return 0;
}

const QvModuleDef qv_module__csv = {
    .name = "_csv",
    .doc = "CSV parsing and writing.",
    .functions = functions,
    .state_size = sizeof(Module),
    .init = init,
    .fini = fini,
    .traverse = traverse,
};
