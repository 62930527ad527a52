// SPDX-License-Identifier: MIT
// The module _locale: locales of the C library.
//
// The C library's setlocale is process-wide, and no other thread may run meanwhile. Here each
// interpreter has a locale object of its own (newlocale), which setlocale() replaces; functions get
// it as an argument, or for the length of a call as their thread's locale. It starts as the process
// has it. What obeys it: the functions here and time.strftime.
#include "modules/_locale.h"

#include <errno.h>
#include <langinfo.h>
#include <libintl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "modules/modules.h"
#include "object/caps.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/heavy.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"

// The categories, in the order of the C library's names of mixed locales.
static const struct Category {
    const char *name;
    int number, mask;
} categories[] = {
    {"LC_CTYPE", LC_CTYPE, LC_CTYPE_MASK},
    {"LC_NUMERIC", LC_NUMERIC, LC_NUMERIC_MASK},
    {"LC_TIME", LC_TIME, LC_TIME_MASK},
    {"LC_COLLATE", LC_COLLATE, LC_COLLATE_MASK},
    {"LC_MONETARY", LC_MONETARY, LC_MONETARY_MASK},
    {"LC_MESSAGES", LC_MESSAGES, LC_MESSAGES_MASK},
    {"LC_PAPER", LC_PAPER, LC_PAPER_MASK},
    {"LC_NAME", LC_NAME, LC_NAME_MASK},
    {"LC_ADDRESS", LC_ADDRESS, LC_ADDRESS_MASK},
    {"LC_TELEPHONE", LC_TELEPHONE, LC_TELEPHONE_MASK},
    {"LC_MEASUREMENT", LC_MEASUREMENT, LC_MEASUREMENT_MASK},
    {"LC_IDENTIFICATION", LC_IDENTIFICATION, LC_IDENTIFICATION_MASK},
};
enum {
    CATEGORIES = sizeof categories / sizeof *categories,
    NAME_MOST = 255, // bytes of a locale's name
};

typedef struct Names {
    char of[CATEGORIES][NAME_MOST + 1];
} Names;

typedef struct Module {
    QvObj *error; // locale.Error
    locale_t own; // or 0: none was set
    Names *names; // by category; from malloc
    char *domain; // of gettext; from malloc; NULL: "messages"
} Module;

static Module *state_of(QvObj *m) { return qv_module_state(m); }

static locale_t locale_of(QvObj *m)
{
    return state_of(m)->own ? state_of(m)->own : LC_GLOBAL_LOCALE;
}

locale_t qv_locale_peek(QvInterp *qi)
{
    QvObj *name = qv_str_intern_cstr(qi, qv_module__locale.name);
    QvObj *m = name ? qv_dict_peek_str(qi->modules, name) : NULL;
    qv_xdecref(qi, name);
    if (!name) {
        qv_err_clear(qi);
    }
    bool ours = m && qv_is_module(m) && ((QvModule *)m)->def == &qv_module__locale;
    return ours ? locale_of(m) : LC_GLOBAL_LOCALE;
}

// locale.Error. Always NULL.
static QvObj *fail(QvInterp *qi, QvObj *m, const char *text)
{
    return qv_raise(qi, (QvType *)state_of(m)->error, "%s", text);
}

// A str argument as a C string; func() argument number for the message, 0: the only one. 0/-1.
static int text_arg(QvInterp *qi, const char *func, int number, const char *kind, QvObj *o,
                    QvUtf8 *ret)
{
    if (!qv_is_str(o)) {
        return number ? qv_raise_int(qi, &qv_exc_TypeError, "%s() argument %d must be %s, not %s",
                                     func, number, kind, qv_arg_type_name(o))
                      : qv_raise_int(qi, &qv_exc_TypeError, "%s() argument must be %s, not %s",
                                     func, kind, qv_arg_type_name(o));
    }
    if (qv_str_utf8_surrogates(qi, o, ret, true) < 0) {
        return -1;
    }
    if (strlen(ret->s) != (size_t)ret->n) {
        qv_utf8_release(qi, ret);
        return qv_raise_int(qi, &qv_exc_ValueError, "embedded null character");
    }
    return 0;
}

static QvObj *text_from(QvInterp *qi, const char *s) { return qv_str_new_cstr(qi, s); }

// ---- setlocale ----------------------------------------------------------------------------------

// The name that "" stands for.
static const char *name_from_environment(const QvInterp *qi, const struct Category *c)
{
    const char *vars[] = {"LC_ALL", c->name, "LANG"};
    for (size_t k = 0; k < 3; k++) {
        const char *value = qv_cap_denied(qi, QV_CAP_ENV) ? NULL : getenv(vars[k]);
        if (value && *value) {
            return value;
        }
    }
    return "C";
}

static bool copy_name(char to[NAME_MOST + 1], const char *from, size_t n)
{
    if (n == 5 && memcmp(from, "POSIX", 5) == 0) { // the C library's other name of it
        from = "C";
        n = 1;
    }
    if (n > NAME_MOST) {
        return false;
    }
    memcpy(to, from, n);
    to[n] = 0;
    return true;
}

// The names that setlocale(category, text) asks for, in *names, which holds those of now.
static bool choose_names(const QvInterp *qi, int category, const char *text, Names *names)
{
    bool mixed = category == LC_ALL && strchr(text, ';') != NULL;
    for (int k = 0; k < CATEGORIES; k++) {
        const struct Category *c = &categories[k];
        if (category != LC_ALL && category != c->number) {
            continue;
        }
        const char *name = *text ? text : name_from_environment(qi, c);
        size_t n = strlen(name);
        if (mixed) { // LC_CTYPE=a;LC_NUMERIC=b;...: each category once
            size_t head = strlen(c->name);
            for (name = text; strncmp(name, c->name, head) != 0 || name[head] != '=';) {
                name = strchr(name, ';');
                if (!name++) {
                    return false;
                }
            }
            name += head + 1;
            n = strcspn(name, ";");
        }
        if (!copy_name(names->of[k], name, n)) {
            return false;
        }
    }
    return true;
}

// The name of a category, or of all: one when they are alike. New str.
static QvObj *current_name(QvInterp *qi, const Names *names, int category)
{
    bool alike = true;
    for (int k = 0; k < CATEGORIES; k++) {
        if (category == categories[k].number) {
            return text_from(qi, names->of[k]);
        }
        alike &= strcmp(names->of[k], names->of[0]) == 0;
    }
    if (alike) {
        return text_from(qi, names->of[0]);
    }
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    for (int k = 0; k < CATEGORIES; k++) {
        QvObj *name = text_from(qi, names->of[k]);
        if (!name) {
            qv_strbuf_fini(&b);
            return NULL;
        }
        qv_strbuf_cstr(&b, k ? ";" : "");
        qv_strbuf_cstr(&b, categories[k].name);
        qv_strbuf_char(&b, '=');
        qv_strbuf_str(&b, name);
        qv_decref(qi, name);
    }
    return qv_strbuf_finish(&b);
}

// A locale object with these names, 0 if there is none such.
static locale_t make_locale(const Names *names)
{
    locale_t made = (locale_t)0;
    for (int k = 0; k < CATEGORIES; k++) {
        locale_t next = newlocale(categories[k].mask, names->of[k], made);
        if (!next) {
            if (made) {
                freelocale(made);
            }
            return (locale_t)0;
        }
        made = next;
    }
    return made;
}

static bool is_category(int category)
{
    bool known = category == LC_ALL;
    for (int k = 0; k < CATEGORIES; k++) {
        known |= category == categories[k].number;
    }
    return known;
}

static QvObj *set_locale(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    Module *s = state_of(m);
    int category;
    if (qv_index_int(qi, a[0], &category) < 0) {
        return NULL;
    }
    if (!a[1] || a[1] == QV_NONE) {
        return is_category(category) ? current_name(qi, s->names, category)
                                     : fail(qi, m, "locale query failed");
    }
    QvUtf8 u;
    if (text_arg(qi, "setlocale", 2, "str or None", a[1], &u) < 0) {
        return NULL;
    }
    Names names = *s->names;
    locale_t made = is_category(category) && choose_names(qi, category, u.s, &names)
                        ? make_locale(&names)
                        : (locale_t)0;
    qv_utf8_release(qi, &u);
    if (!made) {
        return fail(qi, m, "unsupported locale setting");
    }
    if (s->own) {
        freelocale(s->own);
    }
    s->own = made;
    *s->names = names;
    return current_name(qi, s->names, category);
}

// ---- what a locale says -------------------------------------------------------------------------

static const char *item_of(QvObj *m, nl_item item)
{
    locale_t l = locale_of(m);
    return l == LC_GLOBAL_LOCALE ? nl_langinfo(item) : nl_langinfo_l(item, l);
}

// A number as localeconv() gives it: CHAR_MAX, not -1, where there is none.
static int number_of(const char *s) { return (signed char)*s == -1 ? CHAR_MAX : *s; }

// The sizes of groups: a list of ints that ends with 0 or CHAR_MAX when it is not empty.
static QvObj *grouping(QvInterp *qi, const char *s)
{
    QvObj *list = qv_list_new(qi, 0);
    bool more = *s != 0 && number_of(s) != CHAR_MAX;
    while (list && more) {
        QvObj *size = qv_int_from_i64(qi, number_of(s));
        if (!size || qv_list_append_take(qi, list, size) < 0) {
            qv_clear(qi, &list);
        }
        more = *s != 0 && number_of(s) != CHAR_MAX;
        s++;
    }
    return list;
}

static QvObj *locale_conv(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)a, (void)n;
    // Not localeconv(): its result is one struct for the whole process.
    static const struct {
        const char *name;
        nl_item item;
        char kind; // s text, c number, g grouping
    } rows[] = {
        {"int_curr_symbol", INT_CURR_SYMBOL, 's'},
        {"currency_symbol", CURRENCY_SYMBOL, 's'},
        {"mon_decimal_point", MON_DECIMAL_POINT, 's'},
        {"mon_thousands_sep", MON_THOUSANDS_SEP, 's'},
        {"mon_grouping", MON_GROUPING, 'g'},
        {"positive_sign", POSITIVE_SIGN, 's'},
        {"negative_sign", NEGATIVE_SIGN, 's'},
        {"int_frac_digits", INT_FRAC_DIGITS, 'c'},
        {"frac_digits", FRAC_DIGITS, 'c'},
        {"p_cs_precedes", P_CS_PRECEDES, 'c'},
        {"p_sep_by_space", P_SEP_BY_SPACE, 'c'},
        {"n_cs_precedes", N_CS_PRECEDES, 'c'},
        {"n_sep_by_space", N_SEP_BY_SPACE, 'c'},
        {"p_sign_posn", P_SIGN_POSN, 'c'},
        {"n_sign_posn", N_SIGN_POSN, 'c'},
        {"decimal_point", RADIXCHAR, 's'},
        {"thousands_sep", THOUSEP, 's'},
        {"grouping", GROUPING, 'g'},
    };
    QvObj *d = qv_dict_new(qi);
    for (size_t k = 0; d && k < sizeof rows / sizeof *rows; k++) {
        const char *s = item_of(m, rows[k].item);
        QvObj *value = rows[k].kind == 's'   ? text_from(qi, s)
                       : rows[k].kind == 'g' ? grouping(qi, s)
                                             : qv_int_from_i64(qi, number_of(s));
        if (!value || qv_dict_set_cstr_take(qi, d, rows[k].name, value) < 0) {
            qv_clear(qi, &d);
        }
    }
    return d;
}

#define C(NAME)     \
    {               \
#NAME, NAME \
    }
static const struct Item {
    char name[12];
    nl_item item;
} items[] = {
    C(DAY_1),    C(DAY_2),     C(DAY_3),       C(DAY_4),     C(DAY_5),      C(DAY_6),
    C(DAY_7),    C(ABDAY_1),   C(ABDAY_2),     C(ABDAY_3),   C(ABDAY_4),    C(ABDAY_5),
    C(ABDAY_6),  C(ABDAY_7),   C(MON_1),       C(MON_2),     C(MON_3),      C(MON_4),
    C(MON_5),    C(MON_6),     C(MON_7),       C(MON_8),     C(MON_9),      C(MON_10),
    C(MON_11),   C(MON_12),    C(ABMON_1),     C(ABMON_2),   C(ABMON_3),    C(ABMON_4),
    C(ABMON_5),  C(ABMON_6),   C(ABMON_7),     C(ABMON_8),   C(ABMON_9),    C(ABMON_10),
    C(ABMON_11), C(ABMON_12),  C(RADIXCHAR),   C(THOUSEP),   C(CRNCYSTR),   C(D_FMT),
    C(D_T_FMT),  C(T_FMT),     C(AM_STR),      C(PM_STR),    C(CODESET),    C(T_FMT_AMPM),
    C(ERA),      C(ERA_D_FMT), C(ERA_D_T_FMT), C(ERA_T_FMT), C(ALT_DIGITS), C(YESEXPR),
    C(NOEXPR),   C(_DATE_FMT),
};
#undef C

static QvObj *lang_info(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    int key;
    if (qv_index_int(qi, a[0], &key) < 0) {
        return NULL;
    }
    for (size_t k = 0; k < sizeof items / sizeof *items; k++) {
        if (items[k].item == (nl_item)key) { // others may not be text
            return text_from(qi, item_of(m, items[k].item));
        }
    }
    return qv_raise(qi, &qv_exc_ValueError, "unsupported langinfo constant");
}

static QvObj *get_encoding(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)a, (void)n;
    const char *name = item_of(m, CODESET);
    return text_from(qi, *name ? name : "UTF-8");
}

// ---- order --------------------------------------------------------------------------------------

// The C library compares and transforms wide texts in one call each. Long ones go to another
// thread, in a locale of their own, since this one's may be replaced or end meanwhile.

#define LONG_TEXT 20000 // characters that may take a millisecond

typedef struct Order {
    QvHeavyJob job; // first
    locale_t locale;
    bool owned;     // the locale is the job's
    wchar_t *to;    // wcsxfrm: for `room` characters, or NULL: how many?
    wchar_t *a, *b; // texts in `chars`; b NULL: wcsxfrm of a
    size_t room, need;
    int order;
    wchar_t chars[];
} Order;

static void order_run(QvHeavyJob *job)
{
    Order *o = (Order *)job;
    bool global = o->locale == LC_GLOBAL_LOCALE;
    if (o->b) {
        o->order = global ? wcscoll(o->a, o->b) : wcscoll_l(o->a, o->b, o->locale);
    } else {
        o->need = global ? wcsxfrm(o->to, o->a, o->room)
                         : wcsxfrm_l(o->to, o->a, o->room, o->locale);
    }
}

static void order_end(const Order *o)
{
    if (o->owned) {
        freelocale(o->locale);
    }
}

static void order_drop(QvHeavyJob *job)
{
    order_end((Order *)job);
    qv_heap_loose_free(job);
}

static size_t order_size(size_t chars)
{
    size_t size = sizeof(Order) + chars * sizeof(wchar_t);
    return size > QV_HEAP_SMALL_MAX ? size : QV_HEAP_SMALL_MAX + 16;
}

// 0/-1: embedded null character, or a stop.
static int widen(QvInterp *qi, wchar_t *to, QvObj *s)
{
    QvSsize n = qv_str_len(s);
    for (QvSsize from = 0, end; from < n; from = end) {
        if ((end = qv_poll_slice(qi, from, n)) < 0) {
            return -1;
        }
        for (QvSsize i = from; i < end; i++) {
            to[i] = (wchar_t)qv_str_read(s, i);
            if (to[i] == 0) {
                return qv_raise_int(qi, &qv_exc_ValueError, "embedded null character");
            }
        }
    }
    to[n] = 0;
    return 0;
}

static void order_free(QvInterp *qi, Order *o, size_t chars)
{
    order_end(o);
    qv_free(qi, o, order_size(chars));
}

// For one text or two (b NULL: one), with room for more characters. NULL with an exception.
static Order *order_new(QvInterp *qi, QvObj *m, QvObj *a, QvObj *b, size_t room, size_t *ret_chars)
{
    size_t na = (size_t)qv_str_len(a) + 1, nb = b ? (size_t)qv_str_len(b) + 1 : 0;
    size_t chars = na + nb + room;
    if (room > SIZE_MAX / 16 || na > SIZE_MAX / 16 || nb > SIZE_MAX / 16) {
        qv_raise_oom(qi);
        return NULL;
    }
    Order *o = qv_alloc(qi, order_size(chars));
    if (!o) {
        return NULL;
    }
    *o = (Order){.job = {.run = order_run, .drop = order_drop}, .locale = locale_of(m)};
    o->a = o->chars;
    o->b = b ? o->a + na : NULL;
    o->to = room ? o->chars + na + nb : NULL;
    o->room = room;
    if (widen(qi, o->a, a) < 0 || (b && widen(qi, o->b, b) < 0)) {
        order_free(qi, o, chars);
        return NULL;
    }
    if (na + nb > LONG_TEXT && o->locale != LC_GLOBAL_LOCALE) {
        locale_t own = duplocale(o->locale);
        if (own == (locale_t)0) {
            order_free(qi, o, chars);
            qv_raise_oom(qi);
            return NULL;
        }
        o->locale = own;
        o->owned = true;
    }
    *ret_chars = chars;
    return o;
}

// 0, or -1 with an exception: it is gone.
static int order_do(QvInterp *qi, Order *o, size_t chars)
{
    if (chars > LONG_TEXT) {
        return qv_heavy_run(qi, &o->job, order_size(chars));
    }
    order_run(&o->job);
    return 0;
}

static QvObj *str_coll(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    for (int k = 0; k < 2; k++) {
        if (!qv_is_str(a[k])) {
            return qv_raise(qi, &qv_exc_TypeError, "strcoll() argument %d must be str, not %s",
                            k + 1, qv_arg_type_name(a[k]));
        }
    }
    size_t chars;
    Order *o = order_new(qi, m, a[0], a[1], 0, &chars);
    if (!o || order_do(qi, o, chars) < 0) {
        return NULL;
    }
    int order = o->order;
    order_free(qi, o, chars);
    return qv_int_from_i64(qi, order);
}

// What wcsxfrm has made of a text.
static QvObj *transformed(QvInterp *qi, const Order *o)
{
    for (QvSsize from = 0, end, n = (QvSsize)o->need; from < n; from = end) {
        bool valid = true;
        if ((end = qv_poll_slice(qi, from, n)) < 0) {
            return NULL;
        }
        for (QvSsize i = from; i < end; i++) {
            valid &= (uint32_t)o->to[i] <= 0x10FFFF;
        }
        if (!valid) {
            return qv_raise(qi, &qv_exc_ValueError,
                            "character U+%x is not in range [U+0000; U+10ffff]",
                            (unsigned)o->to[0]);
        }
    }
    return qv_str_new_ucs4(qi, (const uint32_t *)o->to, (QvSsize)o->need);
}

static QvObj *str_xfrm(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    if (!qv_is_str(a[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "strxfrm() argument must be str, not %s",
                        qv_arg_type_name(a[0]));
    }
    // Once with room for a text that stays as long as it is, else again with what it needs.
    size_t room = (size_t)qv_str_len(a[0]) + 1;
    for (;;) {
        size_t chars;
        Order *o = order_new(qi, m, a[0], NULL, room, &chars);
        if (!o || order_do(qi, o, chars) < 0) {
            return NULL;
        }
        bool fits = o->need < o->room;
        room = o->need + 1;
        QvObj *result = fits ? transformed(qi, o) : NULL;
        order_free(qi, o, chars);
        if (fits) {
            return result;
        }
    }
}

// ---- messages -----------------------------------------------------------------------------------

// The translation in the interpreter's locale and, without a domain, in its domain.
static QvObj *translate(QvInterp *qi, QvObj *m, const char *domain, const char *text, int category)
{
    Module *s = state_of(m);
    locale_t before = uselocale(locale_of(m));
    const char *found = dcgettext(domain      ? domain
                                  : s->domain ? s->domain
                                              : "messages",
                                  text, category);
    QvObj *result = text_from(qi, found);
    uselocale(before);
    return result;
}

// func([domain,] message[, category])
static QvObj *get_text_of(QvInterp *qi, QvObj *m, const char *func, QvObj *domain, QvObj *message,
                          int number, int category)
{
    QvUtf8 d = {0}, u;
    if (domain && domain != QV_NONE && text_arg(qi, func, 1, "str or None", domain, &d) < 0) {
        return NULL;
    }
    QvObj *result = NULL;
    if (text_arg(qi, func, number, "str", message, &u) == 0) {
        result = translate(qi, m, d.s, u.s, category);
        qv_utf8_release(qi, &u);
    }
    if (d.s) {
        qv_utf8_release(qi, &d);
    }
    return result;
}

static QvObj *get_text(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    return get_text_of(qi, m, "gettext", NULL, a[0], 0, LC_MESSAGES);
}

static QvObj *dget_text(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    return get_text_of(qi, m, "dgettext", a[0], a[1], 2, LC_MESSAGES);
}

static QvObj *dcget_text(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    int category;
    if (qv_index_int(qi, a[2], &category) < 0) {
        return NULL;
    }
    // dcgettext of LC_ALL or of an unknown number has no meaning.
    return is_category(category) && category != LC_ALL
               ? get_text_of(qi, m, "dcgettext", a[0], a[1], 2, category)
               : qv_new_ref(qi, a[1]);
}

static QvObj *text_domain(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    Module *s = state_of(m);
    if (a[0] != QV_NONE) {
        QvUtf8 u;
        if (text_arg(qi, "textdomain", 0, "str or None", a[0], &u) < 0) {
            return NULL;
        }
        char *domain = u.n ? strdup(u.s) : NULL;
        bool failed = u.n && !domain;
        qv_utf8_release(qi, &u);
        if (failed) {
            return qv_raise_oom(qi);
        }
        free(s->domain);
        s->domain = domain;
    }
    return text_from(qi, s->domain ? s->domain : "messages");
}

// Where a domain's catalogues are, or how they are to be encoded: the C library keeps that for the
// whole process.
static QvObj *bind_domain(QvInterp *qi, QvObj *m, QvObj *const *a, bool codeset)
{
    const char *func = codeset ? "bind_textdomain_codeset" : "bindtextdomain";
    QvUtf8 domain, value = {0};
    if (text_arg(qi, func, 1, "str", a[0], &domain) < 0) {
        return NULL;
    }
    QvObj *result = NULL;
    if (domain.n == 0 && !codeset) {
        fail(qi, m, "domain must be a non-empty string");
    } else if (a[1] == QV_NONE || text_arg(qi, func, 2, "str or None", a[1], &value) == 0) {
        const char *now = codeset ? bind_textdomain_codeset(domain.s, value.s)
                                  : bindtextdomain(domain.s, value.s);
        result = now ? text_from(qi, now)
                     : (codeset ? QV_NONE : qv_raise_errno(qi, errno, NULL, NULL));
        if (value.s) {
            qv_utf8_release(qi, &value);
        }
    }
    qv_utf8_release(qi, &domain);
    return result;
}

static QvObj *bind_text_domain(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    return bind_domain(qi, m, a, false);
}

static QvObj *bind_codeset(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    return bind_domain(qi, m, a, true);
}

// ---- module -------------------------------------------------------------------------------------

static const QvNativeDef functions[] = {
    {"setlocale", set_locale, "($module, category, locale=<unrepresentable>, /)",
     "Activates/queries locale processing."},
    {"localeconv", locale_conv, "($module, /)",
     "Returns numeric and monetary locale-specific parameters."},
    {"strcoll", str_coll, "($module, os1, os2, /)",
     "Compares two strings according to the locale."},
    {"strxfrm", str_xfrm, "($module, string, /)",
     "Return a string that can be used as a key for locale-aware comparisons."},
    {"nl_langinfo", lang_info, "($module, key, /)",
     "Return the value for the locale information associated with key."},
    {"gettext", get_text, "($module, msg, /)",
     "gettext(msg) -> string\n\nReturn translation of msg."},
    {"dgettext", dget_text, "($module, domain, msg, /)",
     "dgettext(domain, msg) -> string\n\nReturn translation of msg in domain."},
    {"dcgettext", dcget_text, "($module, domain, msg, category, /)",
     "Return translation of msg in domain and category."},
    {"textdomain", text_domain, "($module, domain, /)",
     "Set the C library's textdmain to domain, returning the new domain."},
    {"bindtextdomain", bind_text_domain, "($module, domain, dir, /)",
     "Bind the C library's domain to dir."},
    {"bind_textdomain_codeset", bind_codeset, "($module, domain, codeset, /)",
     "Bind the C library's domain to codeset."},
    {"getencoding", get_encoding, "($module, /)", "Get the current locale encoding."},
    {0},
};

static int init(QvInterp *qi, QvObj *m)
{
    Module *s = state_of(m);
    s->names = calloc(1, sizeof *s->names);
    if (!s->names) {
        qv_raise_oom(qi);
        return -1;
    }
    for (int k = 0; k < CATEGORIES; k++) {
        const char *now = setlocale(categories[k].number, NULL);
        copy_name(s->names->of[k], now ? now : "C", strnlen(now ? now : "C", NAME_MOST));
    }
    s->error = qv_modules_exception(qi, "locale.Error", NULL);
    if (!s->error || qv_module_add(qi, m, "Error", s->error) < 0 ||
        qv_module_add_int(qi, m, "LC_ALL", LC_ALL) < 0 ||
        qv_module_add_int(qi, m, "CHAR_MAX", CHAR_MAX) < 0) {
        return -1;
    }
    for (int k = 0; k < CATEGORIES && categories[k].number <= LC_MESSAGES; k++) {
        if (qv_module_add_int(qi, m, categories[k].name, categories[k].number) < 0) {
            return -1;
        }
    }
    for (size_t k = 0; k < sizeof items / sizeof *items; k++) {
        if (qv_module_add_int(qi, m, items[k].name, items[k].item) < 0) {
            return -1;
        }
    }
    return 0;
}

static void fini(QvInterp *qi, QvObj *m)
{
    Module *s = state_of(m);
    if (s->own) {
        freelocale(s->own);
    }
    s->own = (locale_t)0;
    free(s->names);
    free(s->domain);
    s->names = NULL;
    s->domain = NULL;
    qv_clear(qi, &s->error);
}

static int traverse(QvObj *m, QvVisit visit, void *ctx)
{
    QV_VISIT(state_of(m)->error);
    return 0;
}

const QvModuleDef qv_module__locale = {
    .name = "_locale",
    .doc = "Support for POSIX locales.",
    .functions = functions,
    .state_size = sizeof(Module),
    .init = init,
    .fini = fini,
    .traverse = traverse,
};
