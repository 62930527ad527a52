// SPDX-License-Identifier: MIT
// Messages without an interpreter: trees of cJSON.
//
// References: a container that comes again is copied in the tree, which cannot share. A message of
// a few bytes could ask for more copies than there is memory; so what copies add is limited, and a
// container that is inside itself is refused.
#include <cjson/cJSON.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "channels/channel.h"
#include "channels/plain.h"

#define MAX_COPIED ((size_t)64 << 20) // bytes that references may add to a tree
#define MIN_RUN    8                  // numbers from which an array is packed

// ---- to a tree ----------------------------------------------------------------------------------

// Where the reader is, for error texts: message['jobs'][3].
typedef struct Step {
    const struct Step *up;
    const char *key; // NULL: index
    size_t index;
} Step;

// A value that may be referred to.
typedef struct Shared {
    const uint8_t *at; // its tag
    cJSON *node;       // NULL: a key, or one that is being made
    bool open;         // it is being made
} Shared;

typedef struct Reader {
    QvPlain p;
    Shared *shared; // by index
    size_t nshared, cap_shared;
    size_t copied;    // bytes that references have added
    const Step *step; // innermost
    unsigned depth;
    bool no_memory;
    char *error; // where to say why not, or NULL
    size_t room;
} Reader;

static void write_path(QvBuf *b, const Step *step)
{
    if (!step) {
        qv_buf_append_cstr(b, "message");
        return;
    }
    write_path(b, step->up);
    if (step->key) {
        qv_buf_printf(b, "['%.60s']", step->key);
    } else {
        qv_buf_printf(b, "[%zu]", step->index);
    }
}

// "message['a'][3]: <what>". NULL.
QV_PRINTF(2, 3) static cJSON *refuse(Reader *r, const char *what, ...)
{
    if (!r->p.bad && !r->no_memory) {
        r->p.bad = "refused"; // for those who look whether it has failed
        QvBuf b = {0};
        write_path(&b, r->step);
        qv_buf_append_cstr(&b, " ");
        va_list ap;
        va_start(ap, what);
        qv_buf_vprintf(&b, what, ap);
        va_end(ap);
        if (r->error && r->room) {
            snprintf(r->error, r->room, "%s", qv_buf_cstr(&b));
        }
        qv_buf_fini(&b);
    }
    return NULL;
}

// What the reader of bytes has found. NULL.
static cJSON *bad(Reader *r)
{
    if (!r->p.bad) {
        r->no_memory = true;
    } else if (r->error && r->room && !r->error[0]) {
        snprintf(r->error, r->room, "the message cannot be read: %s", r->p.bad);
    }
    return NULL;
}

static cJSON *made(Reader *r, cJSON *node)
{
    r->no_memory |= !node;
    return node;
}

static cJSON *read_value(Reader *r);

static cJSON *number(Reader *r, double d)
{
    return isfinite(d) ? made(r, cJSON_CreateNumber(d))
                       : refuse(r, "is no finite number, which JSON cannot express");
}

static cJSON *read_string(Reader *r, QvWireTag tag)
{
    QvPlainText t;
    if (!qv_plain_read_text(&r->p, tag, &t)) {
        return bad(r);
    }
    cJSON *node = memchr(t.text, 0, t.size) ? refuse(r, "has a null character inside")
                                            : made(r, cJSON_CreateString(t.text));
    free(t.text);
    return node;
}

static double number_at(const uint8_t *at, unsigned width)
{
    int16_t two;
    int32_t four;
    int64_t eight;
    double d;
    switch (width) {
    case 1: return (int8_t)at[0];
    case 2: memcpy(&two, at, sizeof two); return two;
    case 4: memcpy(&four, at, sizeof four); return four;
    case 8: memcpy(&eight, at, sizeof eight); return (double)eight;
    default: memcpy(&d, at, sizeof d); return d;
    }
}

static cJSON *read_numbers(Reader *r, QvWireTag tag)
{
    uint8_t kind, width = 0;
    const uint8_t *data;
    size_t n;
    bool ints = tag == QV_WIRE_INTS;
    if (!qv_plain_byte(&r->p, &kind) || (ints && !qv_plain_byte(&r->p, &width))) {
        return bad(r);
    }
    bool known = !ints || width == 1 || width == 2 || width == 4 || width == 8;
    if (kind > 1 || !known) {
        qv_plain_fail(&r->p, "an array of an unknown kind");
        return bad(r);
    }
    size_t unit = ints ? width : sizeof(double);
    if (!qv_plain_raw(&r->p, unit, &data, &n)) {
        return bad(r);
    }
    cJSON *array = made(r, cJSON_CreateArray());
    Step step = {.up = r->step};
    r->step = &step;
    for (size_t k = 0; array && k < n; k++) {
        step.index = k;
        cJSON *item = number(r, number_at(data + k * unit, width));
        if (!item || !cJSON_AddItemToArray(array, item)) {
            cJSON_Delete(item);
            cJSON_Delete(array);
            array = NULL;
        }
    }
    r->step = step.up;
    return array;
}

static cJSON *read_sequence(Reader *r, cJSON *array)
{
    size_t n;
    if (!qv_plain_count(&r->p, 1, &n)) {
        return bad(r);
    }
    Step step = {.up = r->step};
    r->step = &step;
    for (size_t k = 0; k < n; k++) {
        step.index = k;
        cJSON *item = read_value(r);
        if (!item || !cJSON_AddItemToArray(array, item)) {
            cJSON_Delete(item);
            return NULL;
        }
    }
    r->step = step.up;
    return array;
}

// A new entry of the table for a value whose tag is at `at`. False: no memory.
static bool share(Reader *r, const uint8_t *at, size_t *ret_index)
{
    if (r->nshared == r->cap_shared) {
        size_t cap = r->cap_shared ? r->cap_shared * 2 : 16;
        Shared *shared = realloc(r->shared, cap * sizeof *shared);
        if (!shared) {
            r->no_memory = true;
            return false;
        }
        r->shared = shared;
        r->cap_shared = cap;
    }
    *ret_index = r->nshared++;
    r->shared[*ret_index] = (Shared){.at = at, .open = true};
    return true;
}

// What a REF names. NULL when there is no such thing.
static const Shared *referred(Reader *r)
{
    uint64_t n;
    if (!qv_plain_uint(&r->p, &n)) {
        return NULL;
    }
    if (n >= r->nshared) {
        qv_plain_fail(&r->p, "a reference to what has not come yet");
        return NULL;
    }
    return &r->shared[n];
}

static bool charge(Reader *r, size_t bytes)
{
    if (bytes > MAX_COPIED - r->copied) {
        refuse(r, "comes again: what is shared makes the tree too large");
        return false;
    }
    r->copied += bytes;
    return true;
}

static bool read_key(Reader *r, QvPlainText *ret)
{
    uint8_t byte;
    const uint8_t *at = r->p.at, *after = NULL;
    size_t index = 0;
    if (!qv_plain_byte(&r->p, &byte)) {
        bad(r);
        return false;
    }
    bool shared = byte & QV_WIRE_SHARED;
    if (shared && !share(r, at, &index)) {
        return false;
    }
    QvWireTag tag = (QvWireTag)(byte & ~QV_WIRE_SHARED);
    if (tag == QV_WIRE_REF) {
        const Shared *s = referred(r);
        if (!s) {
            bad(r);
            return false;
        }
        tag = (QvWireTag)(*s->at & ~QV_WIRE_SHARED);
        after = r->p.at;
        r->p.at = s->at + 1;
    }
    if (!qv_plain_is_text(tag)) {
        refuse(r, "has a key that is %s, not str", qv_plain_tag_name(tag));
        return false;
    }
    if (!qv_plain_read_text(&r->p, tag, ret)) {
        bad(r);
        return false;
    }
    if (after) {
        r->p.at = after;
    }
    if (shared) {
        r->shared[index].open = false;
    }
    bool nul = memchr(ret->text, 0, ret->size) != NULL;
    if (nul) {
        refuse(r, "has a key with a null character inside");
    }
    if (nul || (after && !charge(r, ret->size))) {
        free(ret->text);
        return false;
    }
    return true;
}

static cJSON *read_dict(Reader *r, cJSON *object)
{
    size_t n;
    if (!qv_plain_count(&r->p, 2, &n)) {
        return bad(r);
    }
    for (size_t k = 0; k < n; k++) {
        QvPlainText key;
        if (!read_key(r, &key)) {
            return NULL;
        }
        Step step = {.up = r->step, .key = key.text};
        r->step = &step;
        cJSON *item = read_value(r);
        r->step = step.up;
        bool added = item && cJSON_AddItemToObject(object, key.text, item);
        r->no_memory |= item && !added;
        free(key.text);
        if (!added) {
            cJSON_Delete(item);
            return NULL;
        }
    }
    return object;
}

// Bytes of a tree and how deep it is: false when there are more than the budget has left.
static bool measure(const cJSON *node, unsigned depth, size_t budget, size_t *bytes)
{
    *bytes += sizeof *node + (node->valuestring ? strlen(node->valuestring) : 0) +
              (node->string ? strlen(node->string) : 0);
    if (*bytes > budget || depth > QV_PLAIN_DEPTH) {
        return false;
    }
    for (const cJSON *item = node->child; item; item = item->next) {
        if (!measure(item, depth + 1, budget, bytes)) {
            return false;
        }
    }
    return true;
}

static cJSON *read_ref(Reader *r)
{
    size_t bytes = 0;
    const Shared *s = referred(r);
    if (!s) {
        return bad(r);
    }
    if (s->node) {
        if (!measure(s->node, r->depth, MAX_COPIED - r->copied, &bytes)) {
            return refuse(r, "comes again: what is shared makes the tree too large");
        }
        r->copied += bytes;
        cJSON *copy = made(r, cJSON_Duplicate(s->node, true));
        if (copy && copy->string) { // of the dict where it was first
            cJSON_free(copy->string);
            copy->string = NULL;
        }
        return copy;
    }
    if (s->open) {
        return refuse(r, "is inside itself, which JSON cannot express");
    }
    QvWireTag tag = (QvWireTag)(*s->at & ~QV_WIRE_SHARED); // of a key: anything else has a node
    const uint8_t *after = r->p.at;
    if (!qv_plain_is_text(tag)) {
        qv_plain_fail(&r->p, "a reference to a reference");
        return bad(r);
    }
    r->p.at = s->at + 1;
    cJSON *node = read_string(r, tag);
    r->p.at = after;
    return node && !charge(r, strlen(node->valuestring)) ? (cJSON_Delete(node), NULL) : node;
}

static cJSON *read_container(Reader *r, QvWireTag tag)
{
    if (r->depth >= QV_PLAIN_DEPTH) {
        return refuse(r, "is nested too deeply");
    }
    bool dict = tag == QV_WIRE_DICT;
    cJSON *node = made(r, dict ? cJSON_CreateObject() : cJSON_CreateArray());
    if (!node) {
        return NULL;
    }
    r->depth++;
    const Step *step = r->step;
    cJSON *whole = dict ? read_dict(r, node) : read_sequence(r, node);
    r->step = step;
    r->depth--;
    if (!whole) {
        cJSON_Delete(node);
    }
    return whole;
}

static cJSON *read_tagged(Reader *r, QvWireTag tag)
{
    int64_t i;
    double d;
    switch (tag) {
    case QV_WIRE_NONE: return made(r, cJSON_CreateNull());
    case QV_WIRE_FALSE:
    case QV_WIRE_TRUE: return made(r, cJSON_CreateBool(tag == QV_WIRE_TRUE));
    case QV_WIRE_INT: return qv_plain_read_int(&r->p, &i) ? number(r, (double)i) : bad(r);
    case QV_WIRE_BIGINT: return qv_plain_read_big(&r->p, &d) ? number(r, d) : bad(r);
    case QV_WIRE_FLOAT: return qv_plain_read_double(&r->p, &d) ? number(r, d) : bad(r);
    case QV_WIRE_ASCII:
    case QV_WIRE_LATIN1:
    case QV_WIRE_UCS2:
    case QV_WIRE_UCS4: return read_string(r, tag);
    case QV_WIRE_INTS:
    case QV_WIRE_FLOATS: return read_numbers(r, tag);
    case QV_WIRE_LIST:
    case QV_WIRE_TUPLE:
    case QV_WIRE_DICT: return read_container(r, tag);
    case QV_WIRE_REF: return read_ref(r);
    default: {
        const char *name = qv_plain_tag_name(tag);
        return name[0] ? refuse(r, "is %s, which JSON cannot express", name)
                       : refuse(r, "is of an unknown kind (tag 0x%02x)", (unsigned)tag);
    }
    }
}

static cJSON *read_value(Reader *r)
{
    uint8_t byte;
    size_t index = 0;
    const uint8_t *at = r->p.at;
    if (!qv_plain_byte(&r->p, &byte)) {
        return bad(r);
    }
    bool shared = byte & QV_WIRE_SHARED;
    if (shared && !share(r, at, &index)) {
        return NULL;
    }
    cJSON *node = read_tagged(r, (QvWireTag)(byte & ~QV_WIRE_SHARED));
    if (shared && node) {
        r->shared[index].node = node;
        r->shared[index].open = false;
    }
    return node;
}

QvPlainResult qv_plain_to_json(const QvMsg *msg, cJSON **ret, char *error, size_t room)
{
    Reader r = {.error = error, .room = room};
    if (error && room) {
        error[0] = 0;
    }
    cJSON *node = qv_plain_begin(&r.p, msg) ? read_value(&r) : bad(&r);
    if (node && r.p.at != r.p.end) {
        cJSON_Delete(node);
        qv_plain_fail(&r.p, "there is more than one value");
        node = bad(&r);
    }
    free(r.shared);
    *ret = node;
    return node ? QV_PLAIN_OK : r.no_memory ? QV_PLAIN_NO_MEMORY : QV_PLAIN_UNFIT;
}

// ---- from a tree --------------------------------------------------------------------------------

static bool is_whole(double d) { return d == floor(d) && fabs(d) < 9.2e18; }

// What an array holds, when that is numbers alone.
typedef struct Run {
    size_t n;
    bool ints, floats;
    double low, high;
} Run;

static Run look_at(const cJSON *array)
{
    Run run = {.ints = true, .floats = true};
    const cJSON *item;
    cJSON_ArrayForEach(item, array)
    {
        double d = item->valuedouble;
        bool whole = cJSON_IsNumber(item) && is_whole(d);
        run.n++;
        run.ints &= whole;
        run.floats &= cJSON_IsNumber(item) && !whole;
        run.low = run.n == 1 || d < run.low ? d : run.low;
        run.high = run.n == 1 || d > run.high ? d : run.high;
    }
    return run;
}

static void put_ints(QvBuf *b, const cJSON *array, const Run *run)
{
    uint8_t width = 8;
    for (uint8_t w = 1; w < 8 && width == 8; w = (uint8_t)(w * 2)) {
        double top = ldexp(1, 8 * w - 1);
        width = run->low >= -top && run->high < top ? w : 8;
    }
    qv_buf_append(b, (uint8_t[]){QV_WIRE_INTS, 0, width}, 3);
    qv_plain_put_uint(b, run->n);
    const cJSON *item;
    cJSON_ArrayForEach(item, array)
    {
        int64_t v = (int64_t)item->valuedouble;
        qv_buf_append(b, &v, width);
    }
}

static void put_floats(QvBuf *b, const cJSON *array, const Run *run)
{
    qv_buf_append(b, (uint8_t[]){QV_WIRE_FLOATS, 0}, 2);
    qv_plain_put_uint(b, run->n);
    const cJSON *item;
    cJSON_ArrayForEach(item, array) { qv_buf_append(b, &item->valuedouble, sizeof(double)); }
}

static bool put_tree(QvBuf *b, const cJSON *node, unsigned depth);

static bool put_container(QvBuf *b, const cJSON *node, unsigned depth)
{
    bool array = cJSON_IsArray(node);
    const cJSON *item;
    if (depth >= QV_PLAIN_DEPTH) {
        return false;
    }
    Run run = look_at(node);
    if (array && run.n >= MIN_RUN && (run.ints || run.floats)) {
        if (run.ints) {
            put_ints(b, node, &run);
        } else {
            put_floats(b, node, &run);
        }
        return true;
    }
    qv_buf_append_char(b, array ? QV_WIRE_LIST : QV_WIRE_DICT);
    qv_plain_put_uint(b, run.n);
    cJSON_ArrayForEach(item, node)
    {
        bool key = array ||
                   (item->string && qv_plain_put_text(b, item->string, strlen(item->string)));
        if (!key || !put_tree(b, item, depth + 1)) {
            return false;
        }
    }
    return true;
}

static bool put_tree(QvBuf *b, const cJSON *node, unsigned depth)
{
    if (cJSON_IsNull(node)) {
        qv_buf_append_char(b, QV_WIRE_NONE);
    } else if (cJSON_IsBool(node)) {
        qv_buf_append_char(b, cJSON_IsTrue(node) ? QV_WIRE_TRUE : QV_WIRE_FALSE);
    } else if (cJSON_IsNumber(node)) {
        double d = node->valuedouble;
        if (is_whole(d)) {
            qv_plain_put_i64(b, (int64_t)d);
        } else {
            qv_plain_put_double(b, d);
        }
    } else if (cJSON_IsString(node)) {
        return node->valuestring &&
               qv_plain_put_text(b, node->valuestring, strlen(node->valuestring));
    } else if (cJSON_IsArray(node) || cJSON_IsObject(node)) {
        return put_container(b, node, depth);
    } else {
        return false;
    }
    return true;
}

QvPlainResult qv_plain_from_json(const cJSON *tree, QvMsg **ret)
{
    QvBuf b = {0};
    qv_buf_append_char(&b, QV_WIRE_VERSION);
    bool ok = put_tree(&b, tree, 0);
    *ret = ok && !b.oom ? qv_msg_from_bytes(b.data, b.len) : NULL;
    qv_buf_fini(&b);
    return !ok ? QV_PLAIN_UNFIT : *ret ? QV_PLAIN_OK : QV_PLAIN_NO_MEMORY;
}
