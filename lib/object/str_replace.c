// SPDX-License-Identifier: MIT
// str.replace, str.translate and str.maketrans.
#include <string.h>

#include "object/dict.h"
#include "object/error.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/native.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/str_methods.h"
#include "object/str_units.h"

// ---- replace ------------------------------------------------------------------------------------

// One character by another of the same width: a copy with stores.
static QvObj *replace_char(QvInterp *qi, QvObj *self, uint32_t from, uint32_t to, QvSsize max)
{
    QvSsize n = qv_str_len(self);
    QvStrKind kind = qv_str_kind(self);
    QvStrKind from_kind = qv_units_kind(from);
    uint32_t pattern = 0;
    qv_units_write(&pattern, from_kind, 0, from);
    QvSsize i = qv_units_find_long(qi, qv_str_data(self), kind, n, &pattern, from_kind, 1, false);
    if (i < 0) {
        return i == -2 ? NULL : qv_str_exact(qi, self);
    }
    QvObj *ret = qv_str_alloc(qi, n, qv_str_maxchar(self));
    if (ret == NULL) {
        return NULL;
    }
    void *p = qv_str_data(ret);
    if (qv_units_copy_long(qi, p, kind, qv_str_data(self), kind, n) < 0) {
        goto fail;
    }
    if (kind == QV_STR_1 && max >= n) {
        uint8_t *b = p;
        for (QvSsize stop; i < n; i = stop) {
            if ((stop = qv_stop_slice(qi, i, n)) < 0) {
                goto fail;
            }
            for (; i < stop; i++) {
                b[i] = b[i] == from ? (uint8_t)to : b[i];
            }
        }
        return ret;
    }
    while (i >= 0 && max-- > 0) {
        qv_units_write(p, kind, i, to);
        QvSsize k = qv_stop_step(qi, max) < 0
                        ? -2
                        : qv_units_find_long(qi, qv_units_at(p, kind, i + 1), kind, n - i - 1,
                                             &pattern, from_kind, 1, false);
        if (k == -2) {
            goto fail;
        }
        i = k < 0 ? -1 : i + 1 + k;
    }
    return ret;
fail:
    qv_decref(qi, ret);
    return NULL;
}

// Replaces an empty pattern: `to` before each of the first max characters (and at the end).
static QvObj *interleave(QvInterp *qi, QvObj *self, QvObj *to, QvSsize max)
{
    QvSsize n = qv_str_len(self);
    QvSsize m = qv_str_len(to);
    QvSsize times = max > n ? n + 1 : max;
    if (m != 0 && times > (QV_UNITS_MAX - n) / m) {
        return qv_raise(qi, &qv_exc_OverflowError, "replace string is too long");
    }
    uint32_t a = qv_str_maxchar(self);
    uint32_t b = qv_str_maxchar(to);
    QvObj *ret = qv_str_alloc(qi, n + times * m, a > b ? a : b);
    if (ret == NULL || n + times * m == 0) {
        return ret;
    }
    QvStrKind kind = qv_str_kind(ret);
    QvSsize at = 0;
    for (QvSsize i = 0; i < times; i++) {
        if (qv_stop_step(qi, i) < 0 ||
            qv_units_copy_long(qi, qv_str_at(ret, at), kind, qv_str_data(to), qv_str_kind(to), m) <
                0) {
            qv_decref(qi, ret);
            return NULL;
        }
        at += m;
        if (i < n) {
            qv_units_write(qv_str_data(ret), kind, at++, qv_str_read(self, i));
        }
    }
    if (times <= n && qv_units_copy_long(qi, qv_str_at(ret, at), kind, qv_str_at(self, times),
                                         qv_str_kind(self), n - times) < 0) {
        qv_clear(qi, &ret);
    }
    return ret;
}

#define FEW_UNITS  512 // characters of a short text
#define FEW_PLACES 32

// Replaces in a short text of bytes that has the first one at k; the result is as wide as the text.
// Each is looked for once, until they are too many to be noted.
static QvObj *replace_few(QvInterp *qi, QvObj *self, QvObj *from, QvObj *to, QvSsize k, QvSsize max)
{
    const uint8_t *s = qv_str_data(self);
    QvSsize n = qv_str_len(self), m = qv_str_len(from), r = qv_str_len(to);
    uint16_t place[FEW_PLACES];
    QvSsize count = 0, noted = 0;
    for (QvSsize i = 0; k >= 0;) {
        i += k;
        if (noted < FEW_PLACES) {
            place[noted++] = (uint16_t)i;
        }
        i += m;
        if (++count >= max) {
            break;
        }
        k = qv_units_find(s + i, QV_STR_1, n - i, qv_str_data(from), QV_STR_1, m);
    }
    QvObj *ret = qv_str_alloc(qi, n + count * (r - m), qv_str_maxchar(self));
    if (ret == NULL || qv_str_len(ret) == 0) {
        return ret;
    }
    char *out = qv_str_data(ret);
    QvSsize done = 0;
    for (QvSsize j = 0; j < count; j++) {
        QvSsize at = j < noted ? place[j]
                               : done + qv_units_find(s + done, QV_STR_1, n - done,
                                                      qv_str_data(from), QV_STR_1, m);
        qv_copy_bytes(out, (const char *)s + done, (size_t)(at - done));
        out += at - done;
        qv_copy_bytes(out, qv_str_data(to), (size_t)r);
        out += r;
        done = at + m;
    }
    qv_copy_bytes(out, (const char *)s + done, (size_t)(n - done));
    return ret;
}

static QvObj *replace(QvInterp *qi, QvObj *self, QvObj *from, QvObj *to, QvSsize max)
{
    QvSsize n = qv_str_len(self);
    QvSsize m = qv_str_len(from);
    QvSsize r = qv_str_len(to);
    QvStrKind kind = qv_str_kind(self);
    if (max == 0 || m > n || (m == 0 && r == 0) || from == to || qv_str_kind(from) > kind) {
        return qv_str_exact(qi, self);
    }
    if (m == 0) {
        return interleave(qi, self, to, max);
    }
    if (m == 1 && kind == QV_STR_1 && n <= FEW_UNITS &&
        qv_find_byte(qv_str_data(self), n, *(const uint8_t *)qv_str_data(from)) < 0) {
        return qv_str_exact(qi, self); // as escaping mostly ends
    }
    uint32_t self_max = qv_str_maxchar(self);
    uint32_t to_max = qv_str_maxchar(to);
    // Only text whose widest characters all go can become narrower; the slow way finds out.
    bool may_narrow = self_max > 0x7F && qv_str_maxchar(from) > 0x7F;
    if (m == 1 && r == 1 && to_max <= self_max && !may_narrow) {
        return replace_char(qi, self, qv_str_read(from, 0), qv_str_read(to, 0), max);
    }
    const void *pat = qv_str_data(from);
    QvStrKind pat_kind = qv_str_kind(from);
    if (!may_narrow) {
        // Most often there is none: the search is quicker than the count.
        QvSsize k = qv_units_find_long(qi, qv_str_data(self), kind, n, pat, pat_kind, m, false);
        if (k < 0) {
            return k == -2 ? NULL : qv_str_exact(qi, self);
        }
        if (n <= FEW_UNITS && r <= FEW_UNITS && kind == QV_STR_1 && to_max <= self_max) {
            return replace_few(qi, self, from, to, k, max);
        }
        QvSsize count = qv_units_count_long(qi, qv_str_at(self, k + m), kind, n - k - m, pat,
                                            pat_kind, m, max - 1);
        if (count++ < 0) {
            return NULL;
        }
        if (r > m && count > (QV_UNITS_MAX - n) / (r - m)) {
            return qv_raise(qi, &qv_exc_OverflowError, "replace string is too long");
        }
        QvSsize total = n + count * (r - m);
        QvObj *ret = qv_str_alloc(qi, total, self_max > to_max ? self_max : to_max);
        if (ret == NULL || total == 0) {
            return ret;
        }
        QvStrKind ret_kind = qv_str_kind(ret);
        QvSsize i = 0, at = 0;
        for (;;) {
            const void *rest = qv_str_at(self, i);
            if (qv_units_put(qi, qv_str_at(ret, at), ret_kind, rest, kind, k) < 0 ||
                qv_units_put(qi, qv_str_at(ret, at + k), ret_kind, qv_str_data(to), qv_str_kind(to),
                             r) < 0) {
                qv_decref(qi, ret);
                return NULL;
            }
            at += k + r;
            i += k + m;
            if (--count == 0) {
                break;
            }
            if (qv_poll_step(qi, count) < 0) {
                qv_decref(qi, ret);
                return NULL;
            }
            k = qv_units_find_long(qi, qv_str_at(self, i), kind, n - i, pat, pat_kind, m, false);
            if (k < 0) {
                qv_decref(qi, ret);
                return NULL;
            }
        }
        if (qv_units_put(qi, qv_str_at(ret, at), ret_kind, qv_str_at(self, i), kind, n - i) < 0) {
            qv_clear(qi, &ret);
        }
        return ret;
    }
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    QvSsize i = 0;
    while (max-- > 0) {
        QvSsize k =
            qv_units_find_long(qi, qv_str_at(self, i), kind, n - i, pat, pat_kind, m, false);
        if (k < 0) {
            if (k == -2) {
                qv_strbuf_fini(&b);
                return NULL;
            }
            break;
        }
        qv_strbuf_slice(&b, self, i, i + k);
        qv_strbuf_str(&b, to);
        i += k + m;
        if (qv_poll_step(qi, max) < 0) {
            qv_strbuf_fini(&b);
            return NULL;
        }
    }
    if (i == 0) {
        qv_strbuf_fini(&b);
        return qv_str_exact(qi, self);
    }
    qv_strbuf_slice(&b, self, i, n);
    return qv_strbuf_finish(&b);
}

QV_STR_METHOD(replace)
{
    (void)nargs;
    QvSsize max = -1;
    for (int i = 0; i < 2; i++) {
        if (!qv_is_str(args[i])) {
            qv_str_arg_error(qi, "replace", i + 1, args[i]);
            return NULL;
        }
    }
    if (args[2] != NULL && qv_arg_ssize(qi, args[2], &max) < 0) {
        return NULL;
    }
    return replace(qi, self, args[0], args[1], max < 0 ? PTRDIFF_MAX : max);
}

// ---- translate ----------------------------------------------------------------------------------

// What the table gives for c: 0 keep, 1 *ret is a new str or int or None, -1.
static int table_get(QvInterp *qi, QvObj *table, uint32_t c, QvObj **ret)
{
    QvObj *key = qv_int_from_i64(qi, c);
    if (key == NULL) {
        return -1;
    }
    int found;
    if (qv_is_dict_exact(table)) {
        found = qv_dict_get(qi, table, key, ret);
        if (found > 0) {
            qv_incref(qi, *ret);
        }
    } else {
        *ret = qv_getitem(qi, table, key);
        found = 1;
        if (*ret == NULL) {
            found = -1;
            if (qv_err_matches(qi, &qv_exc_LookupError)) {
                qv_err_clear(qi);
                found = 0;
            }
        }
    }
    qv_decref(qi, key);
    return found;
}

// The code point an int stands for; -1 with ValueError.
static int64_t mapped_char(QvInterp *qi, QvObj *o)
{
    int64_t c;
    if (!qv_int_as_i64(o, &c) || c < 0 || c > 0x10FFFF) {
        qv_raise(qi, &qv_exc_ValueError, "character mapping must be in range(0x110000)");
        return -1;
    }
    return c;
}

// Appends what c becomes. In `cache` (ASCII characters) single ASCII results and deletions are
// kept: 0 unknown, 1..128 the character plus one, 255 deleted, 254 anything else.
static int translate_char(QvInterp *qi, QvObj *table, uint32_t c, QvStrBuf *b, uint8_t *cache)
{
    QvObj *value;
    int found = table_get(qi, table, c, &value);
    if (found < 0) {
        return -1;
    }
    uint8_t note = 254;
    int r = 0;
    if (found == 0) {
        qv_strbuf_char(b, c);
        note = (uint8_t)(c + 1);
    } else if (value == QV_NONE) {
        note = 255;
    } else if (qv_is_int(value)) {
        int64_t to = mapped_char(qi, value);
        if (to < 0) {
            r = -1;
        } else {
            qv_strbuf_char(b, (uint32_t)to);
            note = to < 0x80 ? (uint8_t)(to + 1) : 254;
        }
    } else if (qv_is_str(value)) {
        qv_strbuf_str(b, value);
        if (qv_str_len(value) == 0) {
            note = 255;
        } else if (qv_str_len(value) == 1 && qv_str_is_ascii(value)) {
            note = (uint8_t)(qv_str_read(value, 0) + 1);
        }
    } else {
        qv_raise(qi, &qv_exc_TypeError, "character mapping must return integer, None or str");
        r = -1;
    }
    if (found > 0) {
        qv_decref(qi, value);
    }
    if (c < 0x80) {
        cache[c] = note;
    }
    return r;
}

QV_STR_METHOD(translate)
{
    (void)nargs;
    uint8_t cache[128] = {0};
    QvObj *table = args[0];
    QvSsize n = qv_str_len(self);
    QvStrKind kind = qv_str_kind(self);
    const void *p = qv_str_data(self);
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    qv_strbuf_reserve(&b, n);
    for (QvSsize i = 0; i < n && !b.failed; i++) {
        // The run of characters whose single ASCII results are known.
        if (kind == QV_STR_1 && b.kind == QV_STR_1) {
            const uint8_t *src = p;
            uint8_t *out = b.data;
            QvSsize at = b.len;
            QvSsize stop = n - i <= b.cap - at ? n : i + (b.cap - at);
            while (i < stop && src[i] < 0x80 && (uint8_t)(cache[src[i]] - 1) < 128) {
                out[at++] = (uint8_t)(cache[src[i++]] - 1);
            }
            b.len = at;
            if (i >= n) {
                break;
            }
        }
        uint32_t c = qv_units_read(p, kind, i);
        uint8_t known = c < 0x80 ? cache[c] : 0;
        if (known != 0 && known <= 128) {
            qv_strbuf_char(&b, known - 1u);
        } else if (known != 255 && translate_char(qi, table, c, &b, cache) < 0) {
            qv_strbuf_fini(&b);
            return NULL;
        }
    }
    return qv_strbuf_finish(&b);
}

// ---- maketrans ----------------------------------------------------------------------------------

static int set_char(QvInterp *qi, QvObj *dict, uint32_t c, QV_STOLEN QvObj *value)
{
    QvObj *key = qv_int_from_i64(qi, c);
    int r = -1;
    if (key != NULL && value != NULL) {
        r = qv_dict_set(qi, dict, key, value);
    }
    qv_xdecref(qi, key);
    qv_xdecref(qi, value);
    return r;
}

static int maketrans_dict(QvInterp *qi, QvObj *dict, QvObj *from)
{
    QvSsize pos = 0;
    QvObj *key, *value;
    while (qv_dict_next(from, &pos, &key, &value)) {
        int r;
        if (qv_is_str(key)) {
            if (qv_str_len(key) != 1) {
                return qv_raise_int(qi, &qv_exc_ValueError,
                                    "string keys in translate table must be of length 1");
            }
            r = set_char(qi, dict, qv_str_read(key, 0), qv_new_ref(qi, value));
        } else if (qv_is_int(key)) {
            qv_incref(qi, key); // the __hash__ of a subclass may change `from`
            r = qv_dict_set_take(qi, dict, key, qv_new_ref(qi, value));
            qv_decref(qi, key);
        } else {
            return qv_raise_int(qi, &qv_exc_TypeError,
                                "keys in translate table must be strings or integers");
        }
        if (r < 0) {
            return -1;
        }
    }
    return 0;
}

QV_STR_METHOD(maketrans)
{
    (void)self;
    (void)nargs;
    QvObj *x = args[0];
    QvObj *y = args[1];
    QvObj *z = args[2];
    for (int i = 1; i < 3; i++) {
        if (args[i] != NULL && !qv_is_str(args[i])) {
            qv_str_arg_error(qi, "maketrans", i + 1, args[i]);
            return NULL;
        }
    }
    if (y != NULL) {
        if (!qv_is_str(x)) {
            return qv_raise(
                qi, &qv_exc_TypeError,
                "first maketrans argument must be a string if there is a second argument");
        }
        if (qv_str_len(x) != qv_str_len(y)) {
            return qv_raise(qi, &qv_exc_ValueError,
                            "the first two maketrans arguments must have equal length");
        }
    } else if (!qv_is_dict_exact(x)) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "if you give only one argument to maketrans it must be a dict");
    }
    QvObj *dict = qv_dict_new(qi);
    if (dict == NULL) {
        return NULL;
    }
    int r = 0;
    if (y == NULL) {
        r = maketrans_dict(qi, dict, x);
    } else {
        for (QvSsize i = 0; i < qv_str_len(x) && r == 0; i++) {
            r = set_char(qi, dict, qv_str_read(x, i), qv_int_from_i64(qi, qv_str_read(y, i)));
        }
        for (QvSsize i = 0; z != NULL && i < qv_str_len(z) && r == 0; i++) {
            r = set_char(qi, dict, qv_str_read(z, i), QV_NONE);
        }
    }
    if (r < 0) {
        qv_decref(qi, dict);
        return NULL;
    }
    return dict;
}
