// SPDX-License-Identifier: MIT
// Position and exception tables as bytes. The formats are those of CPython 3.11
// (Objects/locations.md and exception_handling_notes.txt describe them).
#include "code/tables.h"

#include "base/buf.h"
#include "object/bytes.h"
#include "object/interp.h"
#include "object/error.h"

static QvObj *finish(QvInterp *qi, QvBuf *out)
{
    QvObj *bytes = out->oom ? qv_raise_oom(qi)
                            : qv_bytes_new(qi, out->data ? out->data : "", (QvSsize)out->len);
    qv_buf_fini(out);
    return bytes;
}

// ---- numbers of varying length ------------------------------------------------------------------

// Locations: six bits a byte, lowest first, bit 6 while more follow.
static void put_low_first(QvBuf *out, uint32_t v)
{
    for (; v >= 64; v >>= 6) {
        qv_buf_append_char(out, (char)((v & 63) | 64));
    }
    qv_buf_append_char(out, (char)v);
}

static void put_signed(QvBuf *out, int32_t v)
{
    put_low_first(out, v < 0 ? (uint32_t)(-(int64_t)v) << 1 | 1 : (uint32_t)v << 1);
}

// Exceptions: six bits a byte, highest first, bit 6 while more follow; `mark` goes into the first.
static void put_high_first(QvBuf *out, uint32_t v, unsigned mark)
{
    int shift = 30;
    while (shift > 0 && v >> shift == 0) {
        shift -= 6;
    }
    for (; shift >= 0; shift -= 6) {
        qv_buf_append_char(out, (char)((v >> shift & 63) | (shift ? 64u : 0u) | mark));
        mark = 0;
    }
}

typedef struct Reader {
    const uint8_t *p, *end;
    bool bad;
} Reader;

static unsigned get_byte(Reader *r)
{
    if (r->p == r->end) {
        r->bad = true;
        return 0;
    }
    return *r->p++;
}

static uint32_t get_low_first(Reader *r)
{
    uint32_t v = 0;
    unsigned b;
    int shift = 0;
    do {
        b = get_byte(r);
        if (shift > 24) {
            r->bad = true;
            return 0;
        }
        v |= (b & 63u) << shift;
        shift += 6;
    } while (b & 64);
    return v;
}

static int32_t get_signed(Reader *r)
{
    uint32_t v = get_low_first(r);
    return v & 1 ? -(int32_t)(v >> 1) : (int32_t)(v >> 1);
}

static uint32_t get_high_first(Reader *r)
{
    unsigned b = get_byte(r);
    uint32_t v = b & 63;
    for (int n = 0; b & 64; n++) {
        b = get_byte(r);
        if (n > 4) {
            r->bad = true;
            return 0;
        }
        v = v << 6 | (b & 63);
    }
    return v;
}

// ---- locations ----------------------------------------------------------------------------------

enum { LOC_NO_COLUMNS = 13, LOC_LONG = 14, LOC_NONE = 15, LOC_MAX_LENGTH = 8 };

// The short forms: 0 to 9 (columns below 80, the same line) and 10 to 12 (the next lines).
static int short_form(const QvPosEntry *e, int32_t delta)
{
    if (e->end_line != e->line || delta < 0 || e->col < 0 || e->end_col < e->col) {
        return -1;
    }
    if (delta == 0 && e->col < 80 && e->end_col - e->col < 16) {
        return e->col >> 3;
    }
    return delta <= 2 && e->col < 128 && e->end_col < 128 ? 10 + delta : -1;
}

static void put_location(QvBuf *out, const QvPosEntry *e, uint32_t length, int32_t *line)
{
    int form;
    int32_t delta = e->line - *line;
    if (e->line < 0) {
        form = LOC_NONE;
    } else if (e->col < 0 || e->end_col < 0) {
        form = e->end_line == e->line && e->col < 0 && e->end_col < 0 ? LOC_NO_COLUMNS : LOC_LONG;
    } else {
        form = short_form(e, delta);
        form = form < 0 ? LOC_LONG : form;
    }
    qv_buf_append_char(out, (char)(0x80u | (unsigned)form << 3 | (length - 1)));
    if (form < 10) {
        qv_buf_append_char(out, (char)((e->col & 7) << 4 | (e->end_col - e->col)));
    } else if (form < LOC_NO_COLUMNS) {
        qv_buf_append_char(out, (char)e->col);
        qv_buf_append_char(out, (char)e->end_col);
    } else if (form != LOC_NONE) {
        put_signed(out, delta);
        if (form == LOC_LONG) {
            put_low_first(out, (uint32_t)(e->end_line - e->line));
            put_low_first(out, (uint32_t)(e->col + 1));
            put_low_first(out, (uint32_t)(e->end_col + 1));
        }
    }
    if (form != LOC_NONE) {
        *line = e->line;
    }
}

QvObj *qv_code_linetable(QvInterp *qi, const QvCode *code)
{
    static const QvPosEntry none = {.line = -1, .end_line = -1, .col = -1, .end_col = -1};
    QvBuf out = {0};
    int32_t line = code->firstline;
    uint32_t at = 0;
    for (uint32_t i = 0; at < code->ninstrs; i++) {
        // Entry i - 1 reaches up to entry i; before the first there may be none.
        uint32_t end = i < code->nposs ? code->poss[i].start : code->ninstrs;
        while (at < end) {
            uint32_t n = end - at < LOC_MAX_LENGTH ? end - at : LOC_MAX_LENGTH;
            QvPosEntry e = i ? code->poss[i - 1] : none;
            if (qi->config.no_debug_ranges) {
                e.end_line = e.line;
                e.col = e.end_col = -1;
            }
            put_location(&out, &e, n, &line);
            at += n;
        }
    }
    return finish(qi, &out);
}

// One entry of the table; its length in words.
static uint32_t get_location(Reader *r, QvPosEntry *e, int32_t *line)
{
    unsigned b = get_byte(r);
    unsigned form = b >> 3 & 15;
    e->end_line = -1;
    e->col = -1;
    e->end_col = -1;
    if (!(b & 0x80)) {
        r->bad = true;
    }
    if (form < 10) {
        unsigned second = get_byte(r);
        e->col = (int16_t)(form << 3 | second >> 4);
        e->end_col = (int16_t)(e->col + (int)(second & 15));
    } else if (form < LOC_NO_COLUMNS) {
        *line += (int32_t)form - 10;
        e->col = (int16_t)get_byte(r);
        e->end_col = (int16_t)get_byte(r);
    } else if (form != LOC_NONE) {
        int64_t next = (int64_t)*line + get_signed(r);
        r->bad = r->bad || next < 0 || next > INT32_MAX;
        *line = r->bad ? 0 : (int32_t)next;
        if (form == LOC_LONG) {
            uint32_t lines = get_low_first(r), col = get_low_first(r), end_col = get_low_first(r);
            r->bad = r->bad || lines > INT32_MAX - (uint32_t)*line || col > INT16_MAX ||
                     end_col > INT16_MAX;
            if (!r->bad) {
                e->end_line = *line + (int32_t)lines;
                e->col = (int16_t)((int32_t)col - 1);
                e->end_col = (int16_t)((int32_t)end_col - 1);
            }
        }
    }
    e->line = form == LOC_NONE ? -1 : *line;
    if (form != LOC_LONG) {
        e->end_line = e->line;
    }
    return (b & 7) + 1;
}

static bool same_place(const QvPosEntry *a, const QvPosEntry *b)
{
    return a->line == b->line && a->end_line == b->end_line && a->col == b->col &&
           a->end_col == b->end_col;
}

int qv_code_set_linetable(QvInterp *qi, QvCode *code, const uint8_t *p, size_t n)
{
    QvBuf out = {0};
    Reader r = {.p = p, .end = p + n};
    int32_t line = code->firstline;
    QvPosEntry last = {.line = -1, .end_line = -1, .col = -1, .end_col = -1};
    uint64_t at = 0;
    while (r.p < r.end && !r.bad) {
        QvPosEntry e = {.start = (uint32_t)at};
        at += get_location(&r, &e, &line);
        r.bad = r.bad || at > code->ninstrs;
        if (!r.bad && !same_place(&e, &last)) {
            qv_buf_append(&out, &e, sizeof e);
            last = e;
        }
    }
    if (r.bad || out.oom) {
        bool bad = r.bad;
        qv_buf_fini(&out);
        if (!bad) {
            qv_raise_oom(qi);
            return -1;
        }
        return qv_raise_int(qi, &qv_exc_ValueError, "code: bad co_linetable");
    }
    if (out.len) {
        code->poss = qv_alloc(qi, out.len);
        if (!code->poss) {
            qv_buf_fini(&out);
            return -1;
        }
        memcpy(code->poss, out.data, out.len);
        code->nposs = (uint32_t)(out.len / sizeof(QvPosEntry));
    }
    qv_buf_fini(&out);
    return 0;
}

QvObj *qv_code_lnotab(QvInterp *qi, const QvCode *code)
{
    QvBuf out = {0};
    int32_t line = code->firstline;
    uint32_t at = 0;
    for (uint32_t i = 0; i < code->nposs; i++) {
        const QvPosEntry *e = &code->poss[i];
        if (e->line < 0 || e->line == line) {
            continue;
        }
        uint32_t bytes = (e->start - at) * 2;
        int32_t lines = e->line - line;
        for (; bytes > 254; bytes -= 254) {
            qv_buf_append(&out, "\xFE\x00", 2);
        }
        for (; lines > 127 || lines < -128; bytes = 0) {
            int32_t step = lines > 0 ? 127 : -128;
            qv_buf_append_char(&out, (char)bytes);
            qv_buf_append_char(&out, (char)step);
            lines -= step;
        }
        qv_buf_append_char(&out, (char)bytes);
        qv_buf_append_char(&out, (char)lines);
        line = e->line;
        at = e->start;
    }
    return finish(qi, &out);
}

// ---- exceptions ---------------------------------------------------------------------------------

QvObj *qv_code_exceptiontable(QvInterp *qi, const QvCode *code)
{
    QvBuf out = {0};
    for (uint32_t i = 0; i < code->nexcs; i++) {
        const QvExcEntry *e = &code->excs[i];
        put_high_first(&out, e->start, 0x80);
        put_high_first(&out, e->end - e->start, 0);
        put_high_first(&out, e->handler, 0);
        put_high_first(&out, (uint32_t)e->depth << 1 | (e->lasti & 1u), 0);
    }
    return finish(qi, &out);
}

int qv_code_set_exceptiontable(QvInterp *qi, QvCode *code, const uint8_t *p, size_t n)
{
    QvBuf out = {0};
    Reader r = {.p = p, .end = p + n};
    while (r.p < r.end && !r.bad) {
        r.bad = !(*r.p & 0x80);
        QvExcEntry e = {.start = get_high_first(&r)};
        e.end = e.start + get_high_first(&r);
        e.handler = get_high_first(&r);
        uint32_t depth = get_high_first(&r);
        r.bad = r.bad || depth >> 1 > UINT16_MAX;
        e.depth = (uint16_t)(depth >> 1);
        e.lasti = depth & 1;
        qv_buf_append(&out, &e, sizeof e);
    }
    int status = 0;
    if (r.bad) {
        status = qv_raise_int(qi, &qv_exc_ValueError, "code: bad co_exceptiontable");
    } else if (out.oom) {
        qv_raise_oom(qi);
        status = -1;
    } else if (out.len) {
        code->excs = qv_alloc(qi, out.len);
        status = code->excs ? 0 : -1;
        if (status == 0) {
            memcpy(code->excs, out.data, out.len);
            code->nexcs = (uint32_t)(out.len / sizeof(QvExcEntry));
        }
    }
    qv_buf_fini(&out);
    return status;
}
