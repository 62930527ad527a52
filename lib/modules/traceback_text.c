// SPDX-License-Identifier: MIT
// An exception as text, the way CPython 3.11 prints it: source lines, carets, repeated frames,
// causes and contexts, groups, notes, SyntaxError forms.
//
// It stands above the compiler because the carets under a binary operation or a subscript need the
// parse of the source segment.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "code/code.h"
#include "compile/parser.h"
#include "object/bytes.h"
#include "object/caps.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/set.h"
#include "object/str.h"
#include "object/tuple.h"
#include "modules/suggest.h"
#include "vm/frame.h"

#define REPEAT_SHOWN 3         // equal frames printed before they are counted
#define GROUP_WIDTH  15        // exceptions of a group that are shown
#define GROUP_DEPTH  10        // nesting of groups that is shown
#define MAX_LINE     (1 << 20) // longest source line shown, bytes

typedef struct Text {
    QvInterp *qi;
    QvStrBuf out;
    int depth;       // of exception groups
    bool need_close; // the last member of a group still has to draw the closing line
    QvObj *seen;     // set of ids of exceptions already shown (chains can be cyclic)
} Text;

// ---- source lines -------------------------------------------------------------------------------

// The line in UTF-8 when the file declares another encoding; malloc'ed, takes `line`.
static char *recode_line(QvInterp *qi, char *line, size_t n, const char *encoding)
{
    QvObj *text = qv_str_decode(qi, line, (QvSsize)n, encoding, "replace");
    QvUtf8 utf8;
    if (text && qv_str_utf8_surrogates(qi, text, &utf8, true) == 0) {
        char *copy = malloc((size_t)utf8.n + 1);
        if (copy) {
            memcpy(copy, utf8.s, (size_t)utf8.n + 1);
            free(line);
            line = copy;
        }
        qv_utf8_release(qi, &utf8);
    }
    qv_err_clear(qi);
    qv_xdecref(qi, text);
    return line;
}

// The start of a line that has been read, with its end.
static size_t copy_head(char *to, size_t room, const char *line, ssize_t n)
{
    size_t take = n < 0 ? 0 : (size_t)n < room ? (size_t)n : room;
    if (take) {
        memcpy(to, line, take);
    }
    return take;
}

// The source of a module that the host has supplied from memory, as a file; NULL: it has not.
static FILE *open_host_source(QvInterp *qi, QvObj *filename)
{
    QvObj *source = qi->hooks.host_source ? qi->hooks.host_source(qi, filename) : NULL;
    return source && qv_bytes_len(source) > 0
               ? fmemopen(qv_bytes_data(source), (size_t)qv_bytes_len(source), "r")
               : NULL;
}

// The next line, as getline gives it; one of more than MAX_LINE bytes is not kept: *line ends
// there.
static ssize_t next_line(char **line, size_t *cap, FILE *f)
{
    size_t n = 0;
    for (int c = 0; c != '\n' && (c = getc(f)) != EOF;) {
        if (n + 1 >= *cap) {
            size_t more = *cap ? *cap * 2 : 128;
            char *grown = more > (size_t)MAX_LINE * 2 ? NULL : realloc(*line, more);
            if (!grown && more <= (size_t)MAX_LINE * 2) {
                return -1;
            }
            *line = grown ? grown : *line;
            *cap = grown ? more : *cap;
        }
        if (n + 1 < *cap) {
            (*line)[n] = (char)c;
        }
        n++;
    }
    if (n == 0) {
        return -1;
    }
    (*line)[n < *cap ? n : *cap - 1] = 0;
    return (ssize_t)n;
}

// Line `number` of a file in UTF-8, without its end, malloc'ed, or NULL.
static char *read_line(QvInterp *qi, QvObj *filename, int number)
{
    QvUtf8 path;
    if (number < 1 || !qv_is_str(filename) ||
        qv_str_utf8_surrogates(qi, filename, &path, true) < 0) {
        qv_err_clear(qi);
        return NULL;
    }
    FILE *f = open_host_source(qi, filename);
    if (!f && path.n > 0 && path.s[0] != '<' && qv_cap_importable(qi, path.s)) {
        f = fopen(path.s, "rbe");
    }
    qv_utf8_release(qi, &path);
    if (!f) {
        return NULL;
    }
    char *line = NULL;
    size_t cap = 0;
    ssize_t n = -1;
    char head[512]; // of the first two lines, where an encoding may be declared
    size_t nhead = 0;
    for (int k = 0; k < number || k < 2; k++) {
        if (k >= number) {
            char *more = NULL;
            size_t more_cap = 0;
            ssize_t more_n = next_line(&more, &more_cap, f);
            nhead += copy_head(head + nhead, sizeof head - nhead, more, more_n);
            free(more);
            continue;
        }
        n = next_line(&line, &cap, f);
        if (n < 0) {
            break;
        }
        if (k < 2) {
            nhead += copy_head(head + nhead, sizeof head - nhead, line, n);
        }
    }
    fclose(f);
    if (n < 0 || n > MAX_LINE) {
        free(line);
        return NULL;
    }
    while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r')) {
        line[--n] = 0;
    }
    char encoding[64];
    qv_source_encoding(head, head + nhead, encoding, sizeof encoding);
    bool utf8 = !encoding[0] || strncmp(encoding, "utf-8", 5) == 0 || strcmp(encoding, "utf8") == 0;
    return utf8 ? line : recode_line(qi, line, (size_t)n, encoding);
}

static QvObj *line_text(QvInterp *qi, const char *s)
{
    return qv_str_decode(qi, s, (QvSsize)strlen(s), "utf-8", "replace");
}

// Number of code points in the first n bytes of utf-8.
static QvSsize points(const char *s, QvSsize n)
{
    QvSsize count = 0;
    for (QvSsize k = 0; k < n && s[k]; k++) {
        count += ((unsigned char)s[k] & 0xC0) != 0x80;
    }
    return count;
}

static bool blank(char c) { return c == ' ' || c == '\t' || c == '\f'; }

static void fill(QvStrBuf *b, char c, QvSsize n)
{
    while (n-- > 0) {
        qv_strbuf_char(b, (uint32_t)c);
    }
}

// ---- carets -------------------------------------------------------------------------------------

// Where the operator of a binary operation, or the brackets of a subscript, stand in a segment of
// source (bytes).
static bool find_anchors(QvInterp *qi, const char *segment, QvSsize n, QvSsize *ret_left,
                         QvSsize *ret_right)
{
    bool found = false;
    char *wrapped = malloc((size_t)n + 4);
    if (!wrapped) {
        return false;
    }
    snprintf(wrapped, (size_t)n + 4, "(%.*s\n)", (int)n, segment);
    QvArena arena;
    qv_arena_init(&arena, qi);
    QvMod *mod = qv_parse(qi, &arena, wrapped, (QvSsize)strlen(wrapped), QV_N(string_),
                          QV_PARSE_EVAL, QV_PARSE_IGNORE_COOKIE);
    QvExpr *e = mod ? mod->body_expr : NULL;
    if (e && e->kind == QV_EXPR_BIN_OP) {
        QvPos left = e->u.bin_op.left->pos, right = e->u.bin_op.right->pos;
        if (left.end_lineno == 1 && right.lineno == 1) {
            for (QvSsize k = left.end_col_offset - 1; k < right.col_offset - 1; k++) {
                char c = segment[k];
                if (blank(c) || c == ')' || c == '(') {
                    continue;
                }
                *ret_left = k;
                *ret_right = k + 1;
                if (k + 1 < right.col_offset - 1 && !blank(segment[k + 1]) &&
                    segment[k + 1] != '(') {
                    *ret_right = k + 2;
                }
                found = true;
                break;
            }
        }
    } else if (e && e->kind == QV_EXPR_SUBSCRIPT) {
        QvPos value = e->u.subscript.value->pos, slice = e->u.subscript.slice->pos;
        if (value.end_lineno == 1 && slice.end_lineno == 1) {
            *ret_left = value.end_col_offset - 1;
            *ret_right = slice.end_col_offset; // the closing bracket included
            found = *ret_right <= n;
        }
    }
    qv_err_clear(qi);
    qv_arena_fini(&arena);
    free(wrapped);
    return found;
}

static void put_carets(Text *t, const char *line, const QvPosEntry *pos)
{
    QvSsize len = (QvSsize)strlen(line), whole = len, indent = 0;
    QvSsize start = pos->col, end = pos->end_line == pos->line ? pos->end_col : len;
    while (blank(line[indent])) {
        indent++;
    }
    while (len > 0 && blank(line[len - 1])) {
        len--;
    }
    if (pos->col < 0 || pos->end_col < 0 || start > len || start < indent) {
        return;
    }
    if (end > len) {
        end = len;
    }
    QvSsize left = 0, right = 0;
    bool anchored = pos->end_line == pos->line && end > start &&
                    find_anchors(t->qi, line + start, end - start, &left, &right);
    if (!anchored && end - start == whole - indent) {
        return; // all of the line: the carets would say nothing
    }
    qv_strbuf_cstr(&t->out, "    ");
    fill(&t->out, ' ', points(line + indent, start - indent));
    if (anchored) {
        fill(&t->out, '~', points(line + start, left));
        fill(&t->out, '^', points(line + start + left, right - left));
        fill(&t->out, '~', points(line + start + right, end - start - right));
    } else {
        QvSsize width = points(line + start, end - start);
        fill(&t->out, '^', width > 0 ? width : 1);
    }
    qv_strbuf_char(&t->out, '\n');
}

// ---- frames -------------------------------------------------------------------------------------

static void put_int(QvStrBuf *b, long v)
{
    char text[24];
    snprintf(text, sizeof text, "%ld", v);
    qv_strbuf_cstr(b, text);
}

static void put_entry(Text *t, const QvTraceback *tb, const QvCode *code)
{
    QvStrBuf *b = &t->out;
    qv_strbuf_cstr(b, "  File \"");
    qv_strbuf_str(b, code->filename);
    qv_strbuf_cstr(b, "\", line ");
    put_int(b, tb->lineno);
    qv_strbuf_cstr(b, ", in ");
    qv_strbuf_str(b, code->name);
    qv_strbuf_char(b, '\n');
    char *line = read_line(t->qi, code->filename, tb->lineno);
    if (!line) {
        return;
    }
    char *text = line;
    while (blank(*text)) {
        text++;
    }
    if (*text) {
        QvObj *shown = line_text(t->qi, text);
        qv_strbuf_cstr(b, "    ");
        if (shown) {
            qv_strbuf_str(b, shown);
            qv_decref(t->qi, shown);
        } else {
            b->failed = true;
        }
        qv_strbuf_char(b, '\n');
        const QvPosEntry *pos = qv_code_position(code, (uint32_t)tb->lasti / 2);
        if (pos && pos->line == tb->lineno && !t->qi->config.no_debug_ranges) {
            put_carets(t, line, pos);
        }
    }
    free(line);
}

static void put_repeated(Text *t, long count)
{
    if (count > REPEAT_SHOWN) {
        long more = count - REPEAT_SHOWN;
        qv_strbuf_cstr(&t->out, "  [Previous line repeated ");
        put_int(&t->out, more);
        qv_strbuf_cstr(&t->out, more == 1 ? " more time]\n" : " more times]\n");
    }
}

static long traceback_limit(QvInterp *qi)
{
    QvObj *limit = qi->sys_dict ? qv_dict_peek_str(qi->sys_dict, QV_N(tracebacklimit)) : NULL;
    int64_t n;
    if (!limit || !qv_is_int(limit)) {
        return 1000;
    }
    if (qv_int_sign(limit) <= 0) {
        return 0;
    }
    return qv_int_as_i64(limit, &n) && n < 1000 ? (long)n : 1000;
}

static void put_stack(Text *t, const QvTraceback *tb)
{
    const QvCode *last = NULL;
    int last_line = -1;
    long count = 0, depth = 0, limit = traceback_limit(t->qi);
    for (const QvTraceback *e = tb; e; e = e->next) {
        depth++;
    }
    for (; tb; tb = tb->next) {
        if (depth-- > limit) {
            continue;
        }
        const QvCode *code = ((const QvFrameObj *)tb->frame)->code;
        bool same = last && qv_str_equal(last->filename, code->filename) &&
                    last_line == tb->lineno && qv_str_equal(last->name, code->name);
        if (!same) {
            put_repeated(t, count);
            last = code;
            last_line = tb->lineno;
            count = 0;
        }
        if (++count <= REPEAT_SHOWN) {
            put_entry(t, tb, code);
        }
    }
    put_repeated(t, count);
}

// ---- the exception itself -----------------------------------------------------------------------

// str(o), or a phrase when that fails. New str, or NULL without an exception (no memory).
static QvObj *safe_str(QvInterp *qi, QvObj *o, const char *failed)
{
    qv_err_clear(qi); // of a buffer that could not grow: what runs in str() must not see it
    QvObj *s = qv_str(qi, o);
    if (!s) {
        qv_err_clear(qi);
        s = qv_str_new_cstr(qi, failed);
    }
    if (!s) {
        qv_err_clear(qi);
    }
    return s;
}

static void put_type_name(Text *t, QvObj *exc)
{
    QvInterp *qi = t->qi;
    QvObj *module = qv_type_get_module(qi, exc->type), *name = qv_type_get_qualname(qi, exc->type);
    qv_err_clear(qi);
    bool plain = module && qv_is_str(module) &&
                 (qv_str_eq_ascii(module, "builtins") || qv_str_eq_ascii(module, "__main__"));
    if (!plain) {
        if (module && qv_is_str(module)) {
            qv_strbuf_str(&t->out, module);
        } else {
            qv_strbuf_cstr(&t->out, "<unknown>");
        }
        qv_strbuf_char(&t->out, '.');
    }
    if (name && qv_is_str(name)) {
        qv_strbuf_str(&t->out, name);
    } else {
        qv_strbuf_cstr(&t->out, "<unknown>");
    }
    qv_xdecref(qi, module);
    qv_xdecref(qi, name);
}

static void put_last_line(Text *t, QvObj *exc, QvObj *text, QvObj *meant)
{
    put_type_name(t, exc);
    if (text && qv_str_len(text) > 0) {
        qv_strbuf_cstr(&t->out, ": ");
        qv_strbuf_str(&t->out, text);
    }
    if (meant) {
        qv_strbuf_cstr(&t->out, ". Did you mean: '");
        qv_strbuf_str(&t->out, meant);
        qv_strbuf_cstr(&t->out, "'?");
    }
    qv_strbuf_char(&t->out, '\n');
}

static void put_notes(Text *t, QvObj *exc)
{
    QvInterp *qi = t->qi;
    QvObj *notes;
    qv_err_clear(qi); // as in safe_str
    if (qv_getattr_try(qi, exc, QV_N(__notes__), &notes) <= 0) {
        qv_err_clear(qi);
        return;
    }
    if (qv_is_list(notes) || qv_is_tuple(notes)) {
        QvObj *list = qv_to_list(qi, notes);
        for (QvSsize k = 0; list && k < qv_list_len(list); k++) {
            QvObj *s = safe_str(qi, qv_list_peek(list, k), "<note str() failed>");
            if (s) {
                qv_strbuf_str(&t->out, s);
                qv_strbuf_char(&t->out, '\n');
                qv_decref(qi, s);
            }
        }
        qv_xdecref(qi, list);
    } else {
        QvObj *s = qv_repr(qi, notes);
        if (s) {
            qv_strbuf_str(&t->out, s); // CPython ends no line here
            qv_decref(qi, s);
        }
    }
    qv_err_clear(qi);
    qv_decref(qi, notes);
}

static bool get_number(QvObj *o, int64_t *ret)
{
    return o && qv_is_int(o) && qv_int_as_i64(o, ret);
}

// The text of a SyntaxError, which may hold several lines, with carets below. Only SyntaxError
// itself has a range; its subclasses get one caret. A range that ends on another line reaches to
// the end of the text. CPython looks for the line in bytes, by a column that may count characters;
// where they differ, so does what it shows.
static void put_marked_text(Text *t, QvSyntaxError *e, int64_t line)
{
    QvStrBuf *b = &t->out;
    QvUtf8 text;
    if (qv_str_utf8_surrogates(t->qi, e->text, &text, true) < 0) {
        qv_err_clear(t->qi);
        return;
    }
    const char *s = text.s, *end = text.s + text.n;
    int64_t offset, end_line = line, end_offset = -1;
    if (!get_number(e->offset, &offset)) {
        offset = -1;
    }
    if (e->e.h.type == &qv_exc_SyntaxError) {
        get_number(e->end_lineno, &end_line);
        get_number(e->end_offset, &end_offset);
        if (end_line > line) {
            end_offset = (int64_t)text.n;
        }
    }
    // Columns behind the text are those of its end.
    offset = offset > text.n + 1 ? text.n + 1 : offset;
    end_offset = end_offset > text.n + 1 ? text.n + 1 : end_offset;
    QvSsize carets = end_offset > 0 && end_offset > offset ? (QvSsize)(end_offset - offset) : 1;
    if (text.n > 0 && offset == text.n + 1 && end[-1] == '\n') {
        offset--;
    }
    const char *nl;
    while ((nl = memchr(s, '\n', (size_t)(end - s))) != NULL && nl - s < offset - 1) {
        offset -= nl + 1 - s;
        s = nl + 1;
    }
    while (s < end && blank(*s)) {
        s++;
        offset--;
    }
    QvObj *shown = line_text(t->qi, s);
    if (shown) {
        qv_strbuf_cstr(b, "    ");
        qv_strbuf_str(b, shown);
        qv_decref(t->qi, shown);
    }
    if (text.n == 0 || end[-1] != '\n') {
        qv_strbuf_char(b, '\n');
    }
    if (offset > 0) {
        fill(b, ' ', (QvSsize)(4 + offset - 1));
        fill(b, '^', carets);
        qv_strbuf_char(b, '\n');
    }
    qv_utf8_release(t->qi, &text);
}

// The file, line, text and caret of a SyntaxError that knows its line, then its message.
static void put_syntax_error(Text *t, QvSyntaxError *e, int64_t line)
{
    QvInterp *qi = t->qi;
    QvStrBuf *b = &t->out;
    qv_strbuf_cstr(b, "  File \"");
    if (e->filename && qv_is_str(e->filename)) {
        qv_strbuf_str(b, e->filename);
    } else if (e->filename && e->filename != QV_NONE) {
        QvObj *name = safe_str(qi, e->filename, "<string>");
        if (name) {
            qv_strbuf_str(b, name);
        }
        qv_xdecref(qi, name);
    } else {
        qv_strbuf_cstr(b, "<string>");
    }
    qv_strbuf_cstr(b, "\", line ");
    put_int(b, (long)line);
    qv_strbuf_char(b, '\n');
    if (e->text && qv_is_str(e->text)) {
        put_marked_text(t, e, line);
    }
    QvObj *msg = e->msg && e->msg != QV_NONE ? safe_str(qi, e->msg, "<exception str() failed>")
                                             : NULL;
    put_last_line(t, (QvObj *)e, msg, NULL);
    qv_xdecref(qi, msg);
}

// ---- indentation of groups ----------------------------------------------------------------------

// Runs in a fresh buffer; what was written is then copied with the group's margin in front of each
// line.
typedef struct Block {
    QvStrBuf outer;
} Block;

static void block_begin(Text *t, Block *block)
{
    block->outer = t->out;
    qv_strbuf_init(t->qi, &t->out);
}

static void put_margin(Text *t, char margin)
{
    if (t->depth > 0) {
        fill(&t->out, ' ', 2 * t->depth);
        qv_strbuf_char(&t->out, (uint32_t)margin);
        qv_strbuf_char(&t->out, ' ');
    }
}

static void block_end(Text *t, Block *block, char margin)
{
    QvObj *text = qv_strbuf_finish(&t->out);
    t->out = block->outer;
    if (!text) {
        t->out.failed = true;
        return;
    }
    QvSsize at = 0, len = qv_str_len(text);
    while (at < len) {
        QvSsize end = at;
        while (end < len && qv_str_read(text, end) != '\n') {
            end++;
        }
        put_margin(t, margin);
        QvObj *line = qv_str_slice(t->qi, text, at, end < len ? end + 1 : end);
        if (!line) {
            t->out.failed = true;
            break;
        }
        qv_strbuf_str(&t->out, line);
        qv_decref(t->qi, line);
        at = end + 1;
    }
    qv_decref(t->qi, text);
}

static void emit(Text *t, const char *text, char margin)
{
    Block block;
    block_begin(t, &block);
    qv_strbuf_cstr(&t->out, text);
    block_end(t, &block, margin);
}

static void put_exception_only(Text *t, QvObj *exc)
{
    Block block;
    int64_t line;
    if (qv_is_instance_of(exc, &qv_exc_SyntaxError) &&
        get_number(((QvSyntaxError *)exc)->lineno, &line)) {
        block_begin(t, &block);
        put_syntax_error(t, (QvSyntaxError *)exc, line);
        block_end(t, &block, '|');
        return; // CPython shows the message in place of the exception, which has no notes
    }
    QvObj *text = safe_str(t->qi, exc, "<exception str() failed>");
    QvObj *meant = qv_suggest(t->qi, exc);
    put_margin(t, '|'); // further lines of the message get none
    put_last_line(t, exc, text, meant);
    qv_xdecref(t->qi, text);
    qv_xdecref(t->qi, meant);
    block_begin(t, &block);
    put_notes(t, exc);
    block_end(t, &block, '|');
}

// ---- one exception with its chain ---------------------------------------------------------------

static void put_chain(Text *t, QvObj *exc);

static void put_plain(Text *t, QvObj *exc)
{
    Block block;
    block_begin(t, &block);
    QvTraceback *tb = (QvTraceback *)((QvExc *)exc)->traceback;
    if (tb && traceback_limit(t->qi) > 0) {
        qv_strbuf_cstr(&t->out, "Traceback (most recent call last):\n");
        put_stack(t, tb);
    }
    block_end(t, &block, '|');
    put_exception_only(t, exc);
}

static void put_members(Text *t, QvObj *excs)
{
    QvSsize n = qv_tuple_len(excs);
    QvSsize shown = n <= GROUP_WIDTH ? n : GROUP_WIDTH + 1;
    t->need_close = false;
    for (QvSsize k = 0; k < shown; k++) {
        bool truncated = k >= GROUP_WIDTH;
        char title[64];
        if (k == shown - 1) {
            t->need_close = true;
        }
        if (truncated) {
            snprintf(title, sizeof title, "+---------------- ... ----------------\n");
        } else {
            snprintf(title, sizeof title, "+---------------- %zd ----------------\n", k + 1);
        }
        fill(&t->out, ' ', 2 * t->depth);
        qv_strbuf_cstr(&t->out, k == 0 ? "+-" : "  ");
        qv_strbuf_cstr(&t->out, title);
        t->depth++;
        if (truncated) {
            snprintf(title, sizeof title, "and %zd more exception%s\n", n - GROUP_WIDTH,
                     n - GROUP_WIDTH > 1 ? "s" : "");
            emit(t, title, '|');
        } else {
            put_chain(t, qv_tuple_peek(excs, k));
        }
        if (k == shown - 1 && t->need_close) {
            fill(&t->out, ' ', 2 * t->depth);
            qv_strbuf_cstr(&t->out, "+------------------------------------\n");
            t->need_close = false;
        }
        t->depth--;
    }
}

static void put_group(Text *t, QvObj *exc)
{
    if (t->depth > GROUP_DEPTH) {
        emit(t, "... (max_group_depth is 10)\n", '|');
        return;
    }
    bool top = t->depth == 0;
    if (top) {
        t->depth++;
    }
    QvTraceback *tb = (QvTraceback *)((QvExc *)exc)->traceback;
    if (tb) {
        emit(t, "Exception Group Traceback (most recent call last):\n", top ? '+' : '|');
    }
    Block block;
    block_begin(t, &block);
    if (tb) {
        put_stack(t, tb);
    }
    block_end(t, &block, '|');
    put_exception_only(t, exc);
    put_members(t, ((QvExcGroup *)exc)->excs);
    if (top) {
        t->depth = 0;
    }
}

static void put_one(Text *t, QvObj *exc)
{
    if (qv_is_instance_of(exc, &qv_exc_BaseExceptionGroup) && ((QvExcGroup *)exc)->excs) {
        put_group(t, exc);
    } else {
        put_plain(t, exc);
    }
}

// The exceptions to show, the oldest first, each but the first with the sentence that links it to
// the one before.
static void put_chain(Text *t, QvObj *exc)
{
    QvInterp *qi = t->qi;
    if (qv_enter_recursive(qi, " while formatting a traceback") < 0) {
        qv_err_clear(qi);
        return;
    }
    QvExc *e = (QvExc *)exc;
    QvObj *id = qv_int_from_u64(qi, (uint64_t)(uintptr_t)exc);
    if (id && qv_set_add(qi, t->seen, id) == 0) {
        QvObj *before = e->cause ? e->cause : e->suppress_context ? NULL : e->context;
        if (before && before != QV_NONE) {
            QvObj *before_id = qv_int_from_u64(qi, (uint64_t)(uintptr_t)before);
            int known = before_id ? qv_set_contains(qi, t->seen, before_id) : -1;
            qv_xdecref(qi, before_id);
            if (known == 0) {
                put_chain(t, before);
                emit(t,
                     e->cause ? "\nThe above exception was the direct cause of the following "
                                "exception:\n\n"
                              : "\nDuring handling of the above exception, another exception "
                                "occurred:\n\n",
                     '|');
            }
        }
    }
    qv_xdecref(qi, id);
    qv_err_clear(qi);
    put_one(t, exc);
    qv_leave_recursive(qi);
}

QvObj *qv_exc_format(QvInterp *qi, QvObj *exc)
{
    Text t = {.qi = qi};
    t.seen = qv_set_new(qi, NULL);
    if (!t.seen) {
        return NULL;
    }
    qv_strbuf_init(qi, &t.out);
    put_chain(&t, exc);
    qv_decref(qi, t.seen);
    QvObj *text = qv_strbuf_finish(&t.out);
    if (text) {
        qv_err_clear(qi);              // of a part that is left out
    } else if (!qv_err_occurred(qi)) { // a later part has dropped it
        qv_raise_oom(qi);
    }
    return text;
}
