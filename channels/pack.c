// SPDX-License-Identifier: MIT
// Writing messages: bytes, the table of shared references, plain values and containers.
//
// Small messages are written on the C stack and copied into a block of their exact size; larger
// ones are written into the growing block that becomes the message. Containers hold themselves
// while their parts are written, since a part's __reduce_ex__ may run Python.
#include <stdlib.h>
#include <string.h>

#include "base/bigmem.h"
#include "channels/block.h"
#include "channels/channel.h"
#include "channels/packer.h"
#include "object/bytes.h"
#include "object/dict.h"
#include "object/float.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/list_numbers.h"
#include "object/protocol.h"
#include "object/set.h"
#include "object/slice.h"
#include "object/str.h"
#include "object/tuple.h"

#define MIN_RUN 8 // numbers from which a list is written as an array

// ---- bytes --------------------------------------------------------------------------------------

int qv_pack_pay(QvPack *p, size_t n)
{
    QvHeapAway *payer;
    if (!qv_heap_send_away(&p->qi->heap, n, &payer)) {
        qv_raise_oom(p->qi);
        return -1;
    }
    if (payer) {
        p->payer = payer;
        p->paid += n;
    }
    return 0;
}

static int grow(QvPack *p, size_t n)
{
    size_t cap = p->cap;
    if (n > (size_t)PTRDIFF_MAX / 4 - cap) {
        qv_raise_oom(p->qi);
        return -1;
    }
    cap += cap / 2 + QV_PACK_SMALL;
    if (cap - p->len < n) {
        cap = p->len + n + QV_PACK_SMALL / 8;
    }
    if (qv_pack_pay(p, p->msg ? cap - p->cap : sizeof(QvMsg) + cap) < 0) {
        return -1;
    }
    QvMsg *msg = qv_bigmem_realloc(p->msg, sizeof(QvMsg) + cap);
    if (!msg) {
        qv_raise_oom(p->qi);
        return -1;
    }
    if (!p->msg) {
        memcpy(msg->data, p->small, p->len);
    }
    p->msg = msg;
    p->data = msg->data;
    p->cap = cap;
    return 0;
}

int qv_pack_reserve(QvPack *p, size_t n)
{
    return QV_LIKELY(p->cap - p->len >= n) ? 0 : grow(p, n);
}

static inline void put_byte(QvPack *p, uint8_t b) { p->data[p->len++] = b; }

// Room for QV_WIRE_UINT_MAX bytes is there.
static inline void put_uint(QvPack *p, uint64_t n)
{
    p->len = (size_t)(qv_wire_put_uint(p->data + p->len, n) - p->data);
}

int qv_pack_tag(QvPack *p, QvWireTag tag)
{
    if (qv_pack_reserve(p, 1) < 0) {
        return -1;
    }
    put_byte(p, (uint8_t)tag | p->share);
    p->share = 0;
    return 0;
}

int qv_pack_uint(QvPack *p, uint64_t n)
{
    if (qv_pack_reserve(p, QV_WIRE_UINT_MAX) < 0) {
        return -1;
    }
    put_uint(p, n);
    return 0;
}

int qv_pack_raw(QvPack *p, const void *data, size_t n)
{
    if (qv_pack_reserve(p, n) < 0) {
        return -1;
    }
    if (n) {
        memcpy(p->data + p->len, data, n);
        p->len += n;
    }
    return 0;
}

// Tag, count, bytes. `n` units of 1 << shift bytes, which stay there whatever a script does.
static int put_block(QvPack *p, QvWireTag tag, const void *data, size_t n, unsigned shift)
{
    size_t size = n << shift;
    if (qv_pack_reserve(p, 11) < 0) {
        return -1;
    }
    put_byte(p, (uint8_t)tag | p->share);
    p->share = 0;
    put_uint(p, n);
    if (size <= QV_POLL_BYTES) {
        return qv_pack_raw(p, data, size);
    }
    if (qv_pack_reserve(p, size) < 0 || qv_copy_long(p->qi, p->data + p->len, data, size) < 0) {
        return -1;
    }
    p->len += size;
    return 0;
}

// ---- table --------------------------------------------------------------------------------------

static inline uint32_t slot_of(const QvPack *p, const QvObj *o)
{
    return (uint32_t)(((uint64_t)(uintptr_t)o >> 4) * UINT64_C(0x9E3779B97F4A7C15) >> 32) & p->mask;
}

// may_stop: 0, or -1 with the exception of a stop, and there are no slots then.
static int fill_slots(QvPack *p, bool may_stop)
{
    if (!p->slots) {
        return 0;
    }
    size_t size = ((size_t)p->mask + 1) * sizeof *p->slots;
    int stopped = 0;
    for (size_t i = 0; i < size && stopped == 0; i += QV_POLL_BYTES) {
        memset((char *)p->slots + i, 0, size - i < QV_POLL_BYTES ? size - i : QV_POLL_BYTES);
        stopped = may_stop ? qv_stop_here(p->qi) : 0;
    }
    for (uint32_t k = 0; k < p->nobjs && stopped == 0; k++) {
        uint32_t at = slot_of(p, p->objs[k]);
        while (p->slots[at]) {
            at = (at + 1) & p->mask;
        }
        p->slots[at] = k + 1;
        stopped = may_stop ? qv_stop_step(p->qi, k) : 0;
    }
    if (stopped < 0) {
        free(p->slots);
        p->slots = NULL;
    }
    return stopped;
}

static int grow_table(QvPack *p)
{
    uint32_t cap = p->cap_objs * 4;
    bool first = p->objs == p->few;
    if (qv_pack_pay(p, (size_t)(cap - (first ? 0 : p->cap_objs)) *
                           (sizeof *p->objs + 2 * sizeof *p->slots)) < 0) {
        return -1;
    }
    QvObj **objs = realloc(first ? NULL : p->objs, cap * sizeof *objs);
    if (objs) {
        if (first) {
            memcpy(objs, p->few, sizeof p->few);
        }
        p->objs = objs;
    }
    uint32_t *slots = objs ? realloc(p->slots, (size_t)cap * 2 * sizeof *slots) : NULL;
    if (!slots) {
        qv_raise_oom(p->qi);
        return -1;
    }
    p->slots = slots;
    p->cap_objs = cap;
    p->mask = cap * 2 - 1;
    return fill_slots(p, true);
}

// 1: the object was written before, a reference has been written; 0: it is new, its tag will carry
// the bit; -1.
static int enter(QvPack *p, QvObj *o)
{
    if (p->nobjs == p->cap_objs && grow_table(p) < 0) {
        return -1;
    }
    uint32_t known = 0; // index + 1
    if (p->slots) {
        uint32_t at = slot_of(p, o);
        while ((known = p->slots[at]) != 0 && p->objs[known - 1] != o) {
            at = (at + 1) & p->mask;
        }
        if (!known) {
            p->slots[at] = p->nobjs + 1;
        }
    } else {
        for (uint32_t k = 0; k < p->nobjs; k++) {
            known = p->objs[k] == o ? k + 1 : known;
        }
    }
    for (const QvPackMaking *m = known ? p->making : NULL; m; m = m->up) {
        if (m->o == o) {
            return qv_pack_refuse(p, o, "(it is among the parts that it is made from)");
        }
    }
    if (known) {
        return qv_pack_tag(p, QV_WIRE_REF) < 0 || qv_pack_uint(p, known - 1) < 0 ? -1 : 1;
    }
    p->objs[p->nobjs++] = qv_new_ref(p->qi, o);
    p->share = QV_WIRE_SHARED;
    return 0;
}

// ---- going back, and saying why -----------------------------------------------------------------

QvPackMark qv_pack_mark(const QvPack *p)
{
    return (QvPackMark){.len = p->len,
                        .nobjs = p->nobjs,
                        .nends = p->nends,
                        .nblocks = p->nblocks,
                        .nspaces = p->nspaces,
                        .nnames = p->nnames,
                        .step = p->step,
                        .making = p->making};
}

static void drop_beyond(QvPack *p, const QvPackMark *mark)
{
    while (p->nobjs > mark->nobjs) {
        qv_decref(p->qi, p->objs[--p->nobjs]);
    }
    while (p->nends > mark->nends) {
        qv_chan_release(p->ends[--p->nends]);
    }
    while (p->nblocks > mark->nblocks) {
        qv_block_release(p->blocks[--p->nblocks]);
    }
    while (p->nspaces > mark->nspaces) {
        qv_decref(p->qi, p->spaces[--p->nspaces]);
    }
}

void qv_pack_rewind(QvPack *p, const QvPackMark *mark)
{
    bool refill = p->nobjs > mark->nobjs;
    drop_beyond(p, mark);
    p->len = mark->len;
    p->nnames = mark->nnames;
    p->step = mark->step;
    p->making = mark->making;
    p->share = 0;
    if (refill) {
        (void)fill_slots(p, false);
    }
}

bool qv_pack_forgive(QvPack *p)
{
    QvInterp *qi = p->qi;
    if (!qv_err_matches(qi, &qv_exc_Exception) || qv_err_matches(qi, &qv_exc_MemoryError)) {
        return false;
    }
    qv_err_clear(qi);
    return true;
}

static int write_path(QvInterp *qi, QvStrBuf *b, const QvPackStep *step)
{
    if (!step) {
        qv_strbuf_cstr(b, "message");
        return 0;
    }
    if (write_path(qi, b, step->up) < 0) {
        return -1;
    }
    QvObj *part;
    switch (step->kind) {
    case QV_STEP_INDEX: part = qv_str_format(qi, "[%zd]", step->index); break;
    case QV_STEP_KEY: part = qv_str_format(qi, "[%.60R]", step->key); break;
    case QV_STEP_ATTR: part = qv_str_format(qi, ".%U", step->key); break;
    default: qv_strbuf_cstr(b, step->word); return 0;
    }
    if (!part) {
        return -1;
    }
    qv_strbuf_str(b, part);
    qv_decref(qi, part);
    return 0;
}

int qv_pack_refuse(QvPack *p, QvObj *o, const char *why)
{
    QvInterp *qi = p->qi;
    QvObj *cause = qv_err_fetch(qi);
    QvType *type = qv_not_shareable(qi);
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    int written = type ? write_path(qi, &b, p->step) : -1;
    QvObj *path = qv_strbuf_finish(&b);
    if (written == 0 && path) {
        qv_raise(qi, type, "cannot send %U: '%T' object%s%s", path, o, why ? " " : "",
                 why ? why : "");
        if (cause) {
            qv_err_set_cause(qi, cause);
            cause = NULL;
        }
    }
    qv_xdecref(qi, path);
    qv_xdecref(qi, cause);
    return -1;
}

int qv_pack_step(QvPack *p, QvStepKind kind, QvObj *key, const char *word, QvObj *o)
{
    QvPackStep step = {.up = p->step, .kind = kind, .key = key, .word = word};
    p->step = &step;
    int r = qv_pack_value(p, o);
    p->step = step.up;
    return r;
}

// ---- numbers and texts --------------------------------------------------------------------------

static int pack_i64(QvPack *p, int64_t v)
{
    if (qv_pack_reserve(p, 11) < 0) {
        return -1;
    }
    put_byte(p, QV_WIRE_INT);
    put_uint(p, ((uint64_t)v << 1) ^ (uint64_t)(v >> 63));
    return 0;
}

static int pack_double(QvPack *p, double v)
{
    if (qv_pack_reserve(p, sizeof v) < 0) {
        return -1;
    }
    memcpy(p->data + p->len, &v, sizeof v);
    p->len += sizeof v;
    return 0;
}

static int pack_big(QvPack *p, QvObj *o)
{
    size_t n = qv_int_bit_length(o) / 8 + 1; // one bit for the sign
    if (qv_pack_tag(p, QV_WIRE_BIGINT) < 0 || qv_pack_uint(p, n) < 0 || qv_pack_reserve(p, n) < 0 ||
        qv_int_to_bytes(p->qi, o, p->data + p->len, (QvSsize)n, true, true) < 0) {
        return -1;
    }
    p->len += n;
    return 0;
}

static int pack_str(QvPack *p, QvObj *o)
{
    size_t n = (size_t)qv_str_len(o);
    QvStrKind kind = qv_str_kind(o);
    QvWireTag tag = kind == QV_STR_4     ? QV_WIRE_UCS4
                    : kind == QV_STR_2   ? QV_WIRE_UCS2
                    : qv_str_is_ascii(o) ? QV_WIRE_ASCII
                                         : QV_WIRE_LATIN1;
    return put_block(p, tag, qv_str_data(o), n, kind);
}

int qv_pack_block_take(QvPack *p, QvBlock *block)
{
    if (p->nblocks == p->cap_blocks) {
        uint32_t cap = p->cap_blocks * 2 + 4;
        QvBlock **blocks = qv_pack_pay(p, (cap - p->cap_blocks) * sizeof *blocks) < 0
                               ? NULL
                               : realloc(p->blocks, cap * sizeof *blocks);
        if (!blocks) {
            qv_block_release(block);
            qv_raise_oom(p->qi);
            return -1;
        }
        p->blocks = blocks;
        p->cap_blocks = cap;
    }
    p->blocks[p->nblocks++] = block;
    return 0;
}

// 1: the view shows shared memory, of which the message gets a reference; 0: it does not; -1.
static int pack_shared(QvPack *p, QvObj *view)
{
    const uint8_t *data;
    size_t n;
    QvBlock *block = p->whole ? NULL : qv_block_of_view(view, &data, &n);
    if (!block) {
        return 0;
    }
    qv_block_retain(block);
    uint32_t index = p->nblocks;
    if (qv_pack_block_take(p, block) < 0 || qv_pack_tag(p, QV_WIRE_BLOCK) < 0 ||
        qv_pack_reserve(p, 31) < 0) {
        return -1;
    }
    bool part = n != block->size;
    put_byte(p, part ? 2 : 0);
    put_uint(p, index);
    if (part) {
        put_uint(p, n ? (uint64_t)(data - (const uint8_t *)block->data) : 0);
        put_uint(p, n);
    }
    return 1;
}

// The bytes of a view whose items are not side by side.
static int pack_scattered(QvPack *p, QvObj *o)
{
    QvObj *copy = qv_memoryview_tobytes(p->qi, o);
    int r =
        copy ? put_block(p, QV_WIRE_MEMORYVIEW, qv_bytes_data(copy), (size_t)qv_bytes_len(copy), 0)
             : -1;
    qv_xdecref(p->qi, copy);
    return r;
}

static int pack_buffer(QvPack *p, QvWireTag tag, QvObj *o)
{
    QvInterp *qi = p->qi;
    if (tag == QV_WIRE_BYTES) {
        return put_block(p, tag, qv_bytes_data(o), (size_t)qv_bytes_len(o), 0);
    }
    int shared = tag == QV_WIRE_MEMORYVIEW ? pack_shared(p, o) : 0;
    if (shared) {
        return shared < 0 ? -1 : 0;
    }
    // Copying polls: the memory is held meanwhile.
    QvBufferView view;
    if (qv_buffer_get(qi, o, &view, QV_BUF_SIMPLE) < 0) {
        if (tag != QV_WIRE_MEMORYVIEW || !qv_err_matches(qi, &qv_exc_BufferError)) {
            return -1;
        }
        qv_err_clear(qi);
        return pack_scattered(p, o);
    }
    int r = put_block(p, tag, view.buf, (size_t)view.len, 0);
    qv_buffer_release(qi, &view);
    return r;
}

// ---- lists and tuples ---------------------------------------------------------------------------

// *ret_n is -1 for a packed list, which has none.
static inline QvObj *const *items_of(const QvObj *o, QvSsize *ret_n)
{
    if (qv_is_list(o)) {
        *ret_n = qv_list_is_packed(o) ? -1 : qv_list_len(o);
        return ((const QvList *)o)->items;
    }
    *ret_n = qv_tuple_len(o);
    return qv_tuple_items(o);
}

// Bytes that signed numbers take: `bits` is the OR of v ^ (v << 1) of all of them, where the bits
// from the sign on are 0.
static unsigned width_for(uint64_t bits)
{
    return bits >> 8 == 0 ? 1 : bits >> 16 == 0 ? 2 : bits >> 32 == 0 ? 4 : 8;
}

#define RUN_STEP 1024 // numbers between two looks at the poll flag: what fits the first cache

static bool all_of(QvInterp *qi, QvObj *const *items, QvSsize n, const QvType *type)
{
    uintptr_t other = 0;
    for (QvSsize k = 0; k < n; k++) {
        qv_check_owner(qi, items[k]);
        other |= (uintptr_t)items[k]->type ^ (uintptr_t)type;
    }
    (void)qi;
    return other == 0;
}

// Narrows the numbers into their place. One loop for each width, which the compiler can unroll.
// (Little-endian machines.)
static void put_ints(uint8_t *restrict at, const int64_t *restrict v, QvSsize n, unsigned width)
{
    switch (width) {
    case 1:
        for (QvSsize k = 0; k < n; k++) {
            at[k] = (uint8_t)v[k];
        }
        break;
    case 2:
        for (QvSsize k = 0; k < n; k++) {
            uint16_t narrow = (uint16_t)v[k];
            memcpy(at + 2 * k, &narrow, sizeof narrow);
        }
        break;
    case 4:
        for (QvSsize k = 0; k < n; k++) {
            uint32_t narrow = (uint32_t)v[k];
            memcpy(at + 4 * k, &narrow, sizeof narrow);
        }
        break;
    default: memcpy(at, v, (size_t)n * sizeof *v);
    }
}

// Makes n written numbers wider, the last one first: each goes where nothing is needed any more.
static void widen(uint8_t *at, QvSsize n, unsigned from, unsigned to)
{
    for (QvSsize k = n; k-- > 0;) {
        uint64_t v = 0;
        memcpy(&v, at + (size_t)k * from, from);
        unsigned shift = 64 - 8 * from;
        int64_t wide = (int64_t)(v << shift) >> shift;
        memcpy(at + (size_t)k * to, &wide, to);
    }
}

// A run of numbers that is being written as an array.
typedef struct Run {
    QvObj *o;            // the list or tuple
    QvObj *const *items; // of it, borrowed
    QvSsize n;
    const QvType *type;
    unsigned width; // bytes of a number as written
    size_t start;   // where the first one is
} Run;

// The next m of a run of ints, from number k on: the width grows when one needs it. 0/-1.
static int run_ints(QvPack *p, Run *run, QvSsize k, QvSsize m)
{
    int64_t step[RUN_STEP];
    uint64_t bits = 0;
    for (QvSsize j = 0; j < m; j++) {
        step[j] = qv_int_value(run->items[k + j]);
        bits |= (uint64_t)step[j] ^ ((uint64_t)step[j] << 1);
    }
    unsigned needed = width_for(bits);
    if (needed > run->width) {
        if (qv_pack_reserve(p, (size_t)run->n * needed - (size_t)k * run->width) < 0) {
            return -1;
        }
        widen(p->data + run->start, k, run->width, needed);
        run->width = needed;
        p->len = run->start + (size_t)k * needed;
    }
    put_ints(p->data + p->len, step, m, run->width);
    return 0;
}

static void run_floats(const QvPack *p, const Run *run, QvSsize k, QvSsize m)
{
    uint8_t *at = p->data + p->len;
    for (QvSsize j = 0; j < m; j++) {
        double v = qv_float_value(run->items[k + j]);
        memcpy(at + 8 * j, &v, sizeof v);
    }
}

// Between two steps of a run, whose items are read anew: 0, or -1 with an exception.
static int rest(QvPack *p, Run *run)
{
    if (QV_LIKELY(qv_poll_peek(p->qi) == 0)) {
        return 0;
    }
    QvSsize now;
    if (qv_poll_work(p->qi, RUN_STEP) < 0) {
        return -1;
    }
    run->items = items_of(run->o, &now);
    return now == run->n ? 0
                         : qv_raise_int(p->qi, &qv_exc_RuntimeError,
                                        "list changed size while it was being sent");
}

// Writes all numbers of a list or tuple as an array. 1; 0: not all are of this type, and nothing is
// written; -1. One pass.
static int pack_run(QvPack *p, QvObj *o, QvSsize n, bool tuple, bool ints)
{
    Run run = {.o = o, .n = n, .type = ints ? &qv_int_type : &qv_float_type, .width = ints ? 1 : 8};
    uint8_t share = p->share;
    size_t head = p->len, width_at;
    if (qv_pack_tag(p, ints ? QV_WIRE_INTS : QV_WIRE_FLOATS) < 0 ||
        qv_pack_reserve(p, 12 + (size_t)n * run.width) < 0) {
        return -1;
    }
    put_byte(p, tuple);
    width_at = p->len;
    if (ints) {
        put_byte(p, 1);
    }
    put_uint(p, (uint64_t)n);
    run.start = p->len;
    run.items = items_of(o, &n);
    for (QvSsize k = 0, m; k < n; k += m) {
        m = n - k < RUN_STEP ? n - k : RUN_STEP;
        if (!all_of(p->qi, run.items + k, m, run.type)) {
            p->len = head;
            p->share = share;
            return 0;
        }
        if (!ints) {
            run_floats(p, &run, k, m);
        } else if (run_ints(p, &run, k, m) < 0) {
            return -1;
        }
        p->len += (size_t)m * run.width;
        if (rest(p, &run) < 0) {
            return -1;
        }
    }
    if (ints) {
        p->data[width_at] = (uint8_t)run.width;
    }
    return 1;
}

// A packed list, as it is in memory. Only a stop comes between: it is of one moment.
static int pack_numbers(QvPack *p, const QvNumbers *n)
{
    bool floats = n->kind == QV_NUM_F64;
    if (qv_pack_tag(p, floats ? QV_WIRE_FLOATS : QV_WIRE_INTS) < 0 ||
        qv_pack_reserve(p, 12 + qv_num_bytes(n->kind, n->len)) < 0) {
        return -1;
    }
    put_byte(p, 0);
    if (!floats) {
        put_byte(p, (uint8_t)(1u << n->kind));
    }
    put_uint(p, (uint64_t)n->len);
    for (QvSsize from = 0, to; from < n->len; from = to) {
        if ((to = qv_stop_slice(p->qi, from, n->len)) < 0) {
            return -1;
        }
        size_t bytes = qv_num_bytes(n->kind, to - from);
        memcpy(p->data + p->len, qv_numbers_place(n, from), bytes);
        p->len += bytes;
    }
    return 0;
}

static int pack_sequence(QvPack *p, QvObj *o, QvWireTag tag)
{
    QvSsize n, now;
    if (qv_is_list(o) && qv_list_is_packed(o)) {
        return pack_numbers(p, qv_numbers_of(o));
    }
    QvObj *const *items = items_of(o, &n);
    if (n >= MIN_RUN) {
        bool ints = items[0]->type == &qv_int_type;
        int done =
            ints || qv_is_float_exact(items[0]) ? pack_run(p, o, n, tag == QV_WIRE_TUPLE, ints) : 0;
        if (done) {
            return done < 0 ? -1 : 0;
        }
    }
    if (qv_pack_tag(p, tag) < 0 || qv_pack_uint(p, (uint64_t)n) < 0) {
        return -1;
    }
    QvPackStep step = {.up = p->step, .kind = QV_STEP_INDEX};
    p->step = &step;
    int r = 0;
    for (QvSsize k = 0; k < n && r == 0; k++) {
        items = items_of(o, &now);
        if (now != n) {
            r = qv_raise_int(p->qi, &qv_exc_RuntimeError,
                             "list changed size while it was being sent");
        } else {
            step.index = k;
            r = qv_pack_value(p, items[k]) < 0 ? -1 : qv_poll_step(p->qi, k);
        }
    }
    p->step = step.up;
    return r;
}

// ---- dicts and sets -----------------------------------------------------------------------------

// Written without running Python.
static inline bool is_leaf(const QvObj *o)
{
    const QvType *t = o->type;
    return t == &qv_str_type || t == &qv_int_type || t == &qv_float_type || o == QV_NONE ||
           t == &qv_bool_type;
}

static int pack_dict(QvPack *p, QvObj *o)
{
    QvSsize n = qv_dict_len(o), pos = 0, left = n;
    QvObj *key, *value;
    if (qv_pack_tag(p, QV_WIRE_DICT) < 0 || qv_pack_uint(p, (uint64_t)n) < 0) {
        return -1;
    }
    QvPackStep step = {.up = p->step, .kind = QV_STEP_KEY};
    p->step = &step;
    int r = 0;
    while (r == 0 && qv_dict_next(o, &pos, &key, &value) && --left >= 0) {
        step.key = key;
        // What runs Python may change the dict. (Holding a value changes its count, which says
        // whether it can come again.)
        if (is_leaf(key)) {
            r = qv_pack_value(p, key);
            qv_incref(p->qi, key);
            r = r < 0 ? -1 : qv_pack_value(p, value);
        } else {
            qv_incref(p->qi, key);
            qv_incref(p->qi, value);
            r = qv_pack_value(p, key) < 0 ? -1 : qv_pack_value(p, value);
            qv_decref(p->qi, value);
        }
        qv_decref(p->qi, key);
        r = r < 0 ? -1 : qv_poll_step(p->qi, left);
    }
    p->step = step.up;
    if (r == 0 && (left != 0 || qv_dict_len(o) != n)) {
        r = qv_raise_int(p->qi, &qv_exc_RuntimeError,
                         "dictionary changed size while it was being sent");
    }
    return r;
}

static int pack_set(QvPack *p, QvObj *o, QvWireTag tag)
{
    QvSsize n = qv_set_len(o), pos = 0, left = n;
    QvObj *key;
    if (qv_pack_tag(p, tag) < 0 || qv_pack_uint(p, (uint64_t)n) < 0) {
        return -1;
    }
    // A frozenset is whole before anything may refer to it.
    QvPackMaking making = {.up = p->making, .o = o};
    p->making = tag == QV_WIRE_FROZENSET ? &making : making.up;
    int r = 0;
    while (r == 0 && left > 0 && qv_set_next(o, &pos, &key)) {
        left--;
        qv_incref(p->qi, key);
        r = qv_pack_step(p, QV_STEP_WORD, NULL, "{...}", key);
        qv_decref(p->qi, key);
        r = r < 0 ? -1 : qv_poll_step(p->qi, left);
    }
    p->making = making.up;
    if (r < 0) {
        return -1;
    }
    if (left != 0 || qv_set_len(o) != n) {
        return qv_raise_int(p->qi, &qv_exc_RuntimeError,
                            "set changed size while it was being sent");
    }
    return 0;
}

static int pack_three(QvPack *p, QvWireTag tag, QvObj *o, QvObj *a, QvObj *b, QvObj *c)
{
    QvPackMaking making = {.up = p->making, .o = o};
    p->making = &making;
    int r = qv_pack_tag(p, tag) < 0 || qv_pack_value(p, a) < 0 || qv_pack_value(p, b) < 0 ||
                    qv_pack_value(p, c) < 0
                ? -1
                : 0;
    p->making = making.up;
    return r;
}

// ---- any value ----------------------------------------------------------------------------------

// What has parts, or is large.
static int pack_parts(QvPack *p, QvObj *o)
{
    const QvType *t = o->type;
    if (t == &qv_list_type) {
        return pack_sequence(p, o, QV_WIRE_LIST);
    }
    if (t == &qv_dict_type) {
        return pack_dict(p, o);
    }
    if (t == &qv_tuple_type) {
        return pack_sequence(p, o, QV_WIRE_TUPLE);
    }
    if (t == &qv_bytes_type) {
        return pack_buffer(p, QV_WIRE_BYTES, o);
    }
    if (t == &qv_bytearray_type) {
        return pack_buffer(p, QV_WIRE_BYTEARRAY, o);
    }
    if (t == &qv_memoryview_type) {
        return pack_buffer(p, QV_WIRE_MEMORYVIEW, o);
    }
    if (t == &qv_set_type) {
        return pack_set(p, o, QV_WIRE_SET);
    }
    if (t == &qv_frozenset_type) {
        return pack_set(p, o, QV_WIRE_FROZENSET);
    }
    if (t == &qv_range_type) {
        const QvRange *r = (QvRange *)o;
        return pack_three(p, QV_WIRE_RANGE, o, r->start, r->stop, r->step);
    }
    if (t == &qv_slice_type) {
        const QvSlice *s = (QvSlice *)o;
        return pack_three(p, QV_WIRE_SLICE, o, s->start, s->stop, s->step);
    }
    if (t->pack) {
        return t->pack(p->qi, o, &p->base);
    }
    return qv_pack_object(p, o);
}

static int pack_guarded(QvPack *p, QvObj *o)
{
    QvInterp *qi = p->qi;
    if (qv_enter_recursive(qi, " while sending an object") < 0) {
        return -1;
    }
    qv_incref(qi, o);
    int r = pack_parts(p, o);
    qv_decref(qi, o);
    qv_leave_recursive(qi);
    return r;
}

int qv_pack_value(QvPack *p, QvObj *o)
{
    const QvType *t = o->type;
    qv_check_owner(p->qi, o);
    if (t == &qv_int_type) {
        return pack_i64(p, qv_int_value(o));
    }
    if (t == &qv_str_type) {
        // Short ones are as short as a reference.
        if (o->refs != 1 && qv_str_len(o) > 2) {
            int known = enter(p, o);
            if (known) {
                return known < 0 ? -1 : 0;
            }
        }
        return pack_str(p, o);
    }
    if (o == QV_NONE) {
        return qv_pack_tag(p, QV_WIRE_NONE);
    }
    if (t == &qv_bool_type) {
        return qv_pack_tag(p, o == QV_TRUE ? QV_WIRE_TRUE : QV_WIRE_FALSE);
    }
    if (t == &qv_float_type) {
        return qv_pack_tag(p, QV_WIRE_FLOAT) < 0 ? -1 : pack_double(p, qv_float_value(o));
    }
    if (t == &qv_bigint_type) {
        return pack_big(p, o);
    }
    if (t == &qv_complex_type) {
        const QvComplex *c = (QvComplex *)o;
        return qv_pack_tag(p, QV_WIRE_COMPLEX) < 0 || pack_double(p, c->real) < 0
                   ? -1
                   : pack_double(p, c->imag);
    }
    if (o == QV_ELLIPSIS) {
        return qv_pack_tag(p, QV_WIRE_ELLIPSIS);
    }
    if (o == QV_NOTIMPLEMENTED) {
        return qv_pack_tag(p, QV_WIRE_NOTIMPLEMENTED);
    }
    if (o->refs != 1 && o != QV_EMPTY_TUPLE) {
        int known = enter(p, o);
        if (known) {
            return known < 0 ? -1 : 0;
        }
    }
    return pack_guarded(p, o);
}

static int pack_value_op(QvPacker *packer, QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_pack_value((QvPack *)packer, o);
}

static const QvPackOps pack_ops = {.value = pack_value_op};

int qv_pack_end(QvPacker *packer, QvInterp *qi, QvChanEnd *end)
{
    QvPack *p = (QvPack *)packer;
    if (p->nends == p->cap_ends) {
        uint32_t cap = p->cap_ends * 2 + 4;
        if (qv_pack_pay(p, (cap - p->cap_ends) * sizeof *p->ends) < 0) {
            return -1;
        }
        QvChanEnd **ends = realloc(p->ends, cap * sizeof *ends);
        if (!ends) {
            qv_raise_oom(qi);
            return -1;
        }
        p->ends = ends;
        p->cap_ends = cap;
    }
    qv_chan_retain(end);
    p->ends[p->nends++] = end;
    if (qv_pack_tag(p, QV_WIRE_CHANNEL) < 0 || qv_pack_reserve(p, 11) < 0) {
        return -1;
    }
    put_byte(p, end->receiver ? 2 : 1);
    put_uint(p, p->nends - 1);
    return 0;
}

// ---- whole messages -----------------------------------------------------------------------------

static void pack_init(QvPack *p, QvInterp *qi)
{
    memset(p, 0, offsetof(QvPack, small));
    p->base.ops = &pack_ops;
    p->qi = qi;
    p->data = p->small;
    p->cap = QV_PACK_SMALL;
    p->objs = p->few;
    p->cap_objs = QV_PACK_FEW;
}

static void pack_fini(QvPack *p)
{
    drop_beyond(p, &(QvPackMark){0});
    if (p->objs != p->few) { // a small message needs none of these
        free(p->objs);
        free(p->slots);
    }
    if (p->ends || p->blocks || p->spaces || p->msg) {
        free(p->ends);
        free(p->blocks);
        free(p->spaces);
        free(p->names);
        if (p->msg) {
            qv_heap_free_plain(&p->qi->heap, p->msg, sizeof(QvMsg) + p->cap);
        }
    }
    qv_heap_came_back(p->payer, p->paid);
}

// The message is paid for by what was charged while it was written.
static void pay_from(QvPack *p, QvMsg *msg)
{
    if (p->paid >= msg->block) {
        msg->payer = p->payer;
        p->paid -= msg->block;
    }
}

// What has been written, as a message; the ends and blocks move into it, behind the data.
static QvMsg *finish(QvPack *p)
{
    QvMsg *msg;
    if (!p->msg) {
        msg = qv_msg_alloc_blocks(p->len, p->nends, p->nblocks);
        if (msg) {
            memcpy(msg->data, p->data, p->len);
        }
    } else {
        msg = qv_msg_finish(p->msg, p->len, p->cap, p->nends, p->nblocks);
        p->msg = msg ? NULL : p->msg;
    }
    if (!msg) {
        qv_raise_oom(p->qi);
        return NULL;
    }
    if (p->paid < msg->block && qv_pack_pay(p, msg->block - p->paid) < 0) {
        msg->nends = msg->nblocks = 0;
        qv_msg_free(msg);
        return NULL;
    }
    pay_from(p, msg);
    if (p->nends) {
        memcpy(msg->ends, p->ends, p->nends * sizeof *p->ends);
        p->nends = 0;
    }
    if (p->nblocks) {
        memcpy(msg->blocks, p->blocks, p->nblocks * sizeof *p->blocks);
        p->nblocks = 0;
    }
    return msg;
}

static QvMsg *pack_message(QvInterp *qi, QvObj *o, bool whole)
{
    QvPack p;
    pack_init(&p, qi);
    p.whole = whole;
    put_byte(&p, QV_WIRE_VERSION);
    QvMsg *msg = qv_pack_value(&p, o) < 0 ? NULL : finish(&p);
    pack_fini(&p);
    return msg;
}

QvMsg *qv_msg_pack(QvInterp *qi, QvObj *o) { return pack_message(qi, o, false); }

// ---- short messages -----------------------------------------------------------------------------

// A message of one value that is neither large nor made of parts: its bytes; 0: it is not one.
static size_t put_leaf(uint8_t *at, const QvObj *o)
{
    const QvType *t = o->type;
    uint8_t *start = at;
    *at++ = QV_WIRE_VERSION;
    if (t == &qv_int_type) {
        int64_t v = qv_int_value(o);
        *at++ = QV_WIRE_INT;
        at = qv_wire_put_uint(at, ((uint64_t)v << 1) ^ (uint64_t)(v >> 63));
    } else if (t == &qv_float_type) {
        double v = qv_float_value(o);
        *at++ = QV_WIRE_FLOAT;
        memcpy(at, &v, sizeof v);
        at += sizeof v;
    } else if (t == &qv_str_type) {
        size_t n = (size_t)qv_str_len(o);
        if (n > QV_SMALL_MSG - 3 || qv_str_kind(o) != QV_STR_1) {
            return 0;
        }
        *at++ = qv_str_is_ascii(o) ? QV_WIRE_ASCII : QV_WIRE_LATIN1;
        *at++ = (uint8_t)n;
        memcpy(at, qv_str_data(o), n);
        at += n;
    } else if (o == QV_NONE) {
        *at++ = QV_WIRE_NONE;
    } else if (t == &qv_bool_type) {
        *at++ = o == QV_TRUE ? QV_WIRE_TRUE : QV_WIRE_FALSE;
    } else {
        return 0;
    }
    return (size_t)(at - start);
}

_Static_assert(QV_SMALL_MSG <= 127 && QV_SMALL_MSG < QV_PACK_SMALL, "sizes of one byte");

// In a frame of its own: a packer is large.
static QV_NOINLINE QvMsg *pack_small_parts(QvInterp *qi, QvObj *o, QvSmallMsg *ret)
{
    QvPack p;
    QvMsg *msg = NULL;
    pack_init(&p, qi);
    put_byte(&p, QV_WIRE_VERSION);
    if (qv_pack_value(&p, o) == 0) {
        if (p.len <= QV_SMALL_MSG && p.nends == 0 && p.nblocks == 0) {
            memcpy(ret->data, p.data, p.len);
            ret->size = (uint8_t)p.len;
        } else {
            msg = finish(&p);
        }
    }
    pack_fini(&p);
    return msg;
}

QvMsg *qv_msg_pack_small(QvInterp *qi, QvObj *o, QvSmallMsg *ret)
{
    qv_check_owner(qi, o);
    ret->size = (uint8_t)put_leaf(ret->data, o);
    return ret->size ? NULL : pack_small_parts(qi, o, ret);
}

QvObj *qv_wire_encode(QvInterp *qi, QvObj *o)
{
    QvMsg *msg = pack_message(qi, o, true);
    if (!msg) {
        return NULL;
    }
    QvObj *bytes = NULL;
    if (msg->nends) {
        qv_raise(qi, &qv_exc_ValueError, "channel ends cannot be written as bytes");
    } else {
        bytes = qv_bytes_new(qi, msg->data, (QvSsize)msg->size);
    }
    qv_msg_free(msg);
    return bytes;
}
