// SPDX-License-Identifier: MIT
// Functions written in C: parsing of signatures, binding of arguments, builtin_function_or_method.
//
// The error texts follow what CPython's argument clinic produces for the kind of function that the
// signature describes:
//   no parameters            "list.clear() takes no arguments (1 given)"
//   one required, pos. only  "list.append() takes exactly one argument (0 given)"
//   positional only          "insert expected 2 arguments, got 1", "... expected at most 1
//   argument, got 2" with keywords            "split() takes at most 2 arguments (3 given)",
//                            "open() missing required argument 'file' (pos 1)",
//                            "'foo' is an invalid keyword argument for sort()"
#include "object/native.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "object/caps.h"
#include "object/descr.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/interp.h"
#include "object/module.h"
#include "object/protocol.h"
#include "object/seal.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

// ---- reading a signature ------------------------------------------------------------------------

typedef struct SigWord {
    const char *s; // first character; NULL: end of the signature
    size_t n;      // length of the name, '*' and '$' included
    bool has_default;
} SigWord;

// The next parameter of "(a, b=(1, 2), /, *args)"; *p stands behind the opening parenthesis or a
// comma.
static SigWord next_word(const char **p)
{
    const char *s = *p;
    while (*s == ' ') {
        s++;
    }
    SigWord w = {0};
    if (*s == ')' || *s == 0) {
        *p = s;
        return w;
    }
    w.s = s;
    while ((uint8_t)((*s | 0x20) - 'a') < 26 || *s == '_' ||
           (*s && *s != ',' && *s != '=' && *s != ')' && *s != ' ' && *s != ':')) {
        s++;
    }
    w.n = (size_t)(s - w.s);
    if (QV_LIKELY(*s == ',' || *s == ')')) { // no default: the usual case
        *p = *s == ',' ? s + 1 : s;
        return w;
    }
    int depth = 0;
    for (; *s; s++) {
        if (*s == '\'' || *s == '"') {
            char quote = *s++;
            while (*s && *s != quote) {
                s += *s == '\\' && s[1] ? 2 : 1;
            }
            if (!*s) {
                break;
            }
        } else if (*s == '(' || *s == '[' || *s == '{') {
            depth++;
        } else if (depth > 0 && (*s == ')' || *s == ']' || *s == '}')) {
            depth--;
        } else if (depth == 0 && *s == '=') {
            w.has_default = true;
        } else if (depth == 0 && (*s == ',' || *s == ')')) {
            break;
        }
    }
    *p = *s == ',' ? s + 1 : s;
    return w;
}

// Fills *sig (but for def, owner and names) and words[] (by slot). 0, or -1 for a bad text.
static int read_sig(const char *text, QvSig *sig, SigWord *words)
{
    *sig = (QvSig){.varargs = -1, .varkw = -1};
    const char *p = text;
    if (*p == '!') {
        sig->raw = true;
        p++;
    }
    if (*p++ != '(') {
        return -1;
    }
    bool keyword_only = false;
    bool optional = false;
    uint16_t n = 0;
    for (SigWord w = next_word(&p); w.s; w = next_word(&p)) {
        if (w.s[0] == '$') {
            if (strncmp(w.s, "$self", 5) == 0) {
                sig->kind = QV_SIG_SELF;
            } else if (strncmp(w.s, "$type", 5) == 0 || strncmp(w.s, "$cls", 4) == 0) {
                sig->kind = QV_SIG_TYPE;
            } else if (strncmp(w.s, "$module", 7) == 0) {
                sig->kind = QV_SIG_MODULE;
            } else {
                return -1;
            }
            continue;
        }
        if (w.n == 1 && w.s[0] == '/') {
            sig->nposonly = n;
            continue;
        }
        if (w.n == 1 && w.s[0] == '*') {
            keyword_only = true;
            continue;
        }
        if (n >= QV_SIG_MAX) {
            return -1;
        }
        if (w.n > 2 && w.s[0] == '*' && w.s[1] == '*') {
            sig->varkw = (int16_t)n;
            w.s += 2;
            w.n -= 2;
        } else if (w.s[0] == '*') {
            sig->varargs = (int16_t)n;
            keyword_only = true;
            w.s += 1;
            w.n -= 1;
        } else if (keyword_only) {
            sig->nkwonly++;
            if (!w.has_default) {
                sig->kwreq |= UINT64_C(1) << n;
            }
        } else {
            sig->npos++;
            optional |= w.has_default;
            if (!optional) {
                sig->nrequired++;
            }
        }
        words[n++] = w;
    }
    sig->nparams = n;
    bool plain = sig->nkwonly == 0 && sig->varkw < 0;
    sig->simple = plain && sig->varargs < 0 && sig->nposonly == n;
    sig->tail = plain && sig->varargs >= 0;
    if (sig->tail) {
        sig->nposonly = sig->npos; // nothing is bound by name
    }
    return *p == ')' ? 0 : -1;
}

QvObj *qv_sig_text(QvInterp *qi, const QvNativeDef *def)
{
    return qv_str_new_cstr(qi, def->sig + (def->sig[0] == '!'));
}

int qv_sig_parse(const QvNativeDef *def, const char *owner, QvSig *ret)
{
    SigWord words[QV_SIG_MAX];
    if (!def->sig || read_sig(def->sig, ret, words) < 0) {
        fprintf(stderr, "quiver: bad signature of %s: %s\n", def->name,
                def->sig ? def->sig : "(none)");
        return -1;
    }
    ret->def = def;
    ret->owner = owner;
    ret->names = qv_seal_alloc((ret->nparams + 1u) * sizeof(QvObj *));
    if (!ret->names) {
        return -1;
    }
    for (int i = 0; i < ret->nparams; i++) {
        ret->names[i] = qv_seal_intern(words[i].s, words[i].n);
        if (!ret->names[i]) {
            return -1;
        }
    }
    return 0;
}

void qv_sig_free(QvInterp *qi, QvSig *sig)
{
    if (!sig) {
        return;
    }
    if (sig->names) {
        for (int i = 0; i < sig->nparams; i++) {
            qv_xdecref(qi, sig->names[i]);
        }
        qv_free(qi, sig->names, (sig->nparams + 1u) * sizeof(QvObj *));
    }
    qv_free(qi, sig, sizeof(*sig));
}

QvSig *qv_sig_new(QvInterp *qi, const QvNativeDef *def)
{
    SigWord words[QV_SIG_MAX];
    QvSig parsed;
    if (!def->sig || read_sig(def->sig, &parsed, words) < 0) {
        qv_raise(qi, &qv_exc_SystemError, "bad signature of %s: %s", def->name,
                 def->sig ? def->sig : "(none)");
        return NULL;
    }
    QvSig *sig = qv_alloc(qi, sizeof(*sig));
    if (!sig) {
        return NULL;
    }
    *sig = parsed;
    sig->def = def;
    size_t bytes = (sig->nparams + 1u) * sizeof(QvObj *);
    sig->names = qv_alloc(qi, bytes);
    if (!sig->names) {
        qv_sig_free(qi, sig);
        return NULL;
    }
    memset(sig->names, 0, bytes);
    for (int i = 0; i < sig->nparams; i++) {
        sig->names[i] = qv_str_intern_utf8(qi, words[i].s, (QvSsize)words[i].n);
        if (!sig->names[i]) {
            qv_sig_free(qi, sig);
            return NULL;
        }
    }
    return sig;
}

// ---- complaints ---------------------------------------------------------------------------------

static const char *plural(QvSsize n) { return n == 1 ? "" : "s"; }

static int no_keywords(QvInterp *qi, const char *owner, const char *name)
{
    return qv_raise_int(qi, &qv_exc_TypeError, "%s%s%s() takes no keyword arguments",
                        owner ? owner : "", owner ? "." : "", name);
}

// Wrong number for a positional-only function written with METH_FASTCALL.
static int wrong_count(QvInterp *qi, const char *name, QvSsize min, QvSsize max, QvSsize given)
{
    QvSsize expected = given < min ? min : max;
    const char *how = min == max ? "" : given < min ? "at least " : "at most ";
    return qv_raise_int(qi, &qv_exc_TypeError, "%s expected %s%zd argument%s, got %zd", name, how,
                        expected, plural(expected), given);
}

// What stands before the name: for methods of a class the class they are called on, else the row's
// owner.
static const char *owner_of(const QvSig *sig, const QvObj *self)
{
    bool of_class = sig->kind == QV_SIG_TYPE || (sig->owner && strcmp(sig->owner, "type") == 0);
    if (of_class && self && qv_is_type(self)) {
        return qv_type_short_name((const QvType *)self);
    }
    return sig->owner;
}

static QV_COLD int wrong_count_sig(QvInterp *qi, const QvSig *sig, const QvObj *self, QvSsize given)
{
    const char *owner = owner_of(sig, self);
    const char *name = sig->def->name;
    if (sig->simple && sig->nparams == 0) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s%s%s() takes no arguments (%zd given)",
                            owner ? owner : "", owner ? "." : "", name, given);
    }
    if (sig->simple && sig->nparams == 1 && sig->nrequired == 1) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "%s%s%s() takes exactly one argument (%zd given)", owner ? owner : "",
                            owner ? "." : "", name, given);
    }
    return wrong_count(qi, name, sig->nrequired, sig->varargs >= 0 ? PTRDIFF_MAX : sig->npos,
                       given);
}

// A function's name before "()", for "%s%s"; one without a name is "function".
#define CALLED(name) (name)[0] ? (name) : "function", (name)[0] ? "()" : ""

// The checks on counts of a function that takes keywords. 0 or -1.
static int check_counts(QvInterp *qi, const char *name, const QvSig *sig, QvSsize nargs,
                        QvSsize nkw)
{
    QvSsize all = sig->npos + sig->nkwonly;
    if (sig->varargs < 0 && sig->varkw < 0 && nargs + nkw > all) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "%s%s takes at most %zd %sargument%s (%zd given)", CALLED(name), all,
                            nargs == 0 ? "keyword " : "", plural(all), nargs + nkw);
    }
    if (sig->varargs < 0 && nargs > sig->npos) {
        if (sig->npos == 0) {
            return qv_raise_int(qi, &qv_exc_TypeError, "%s%s takes no positional arguments",
                                CALLED(name));
        }
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "%s%s takes %s %d positional argument%s (%zd given)", CALLED(name),
                            sig->nrequired < sig->npos ? "at most" : "exactly", sig->npos,
                            plural(sig->npos), nargs);
    }
    QvSsize min_posonly = sig->nrequired < sig->nposonly ? sig->nrequired : sig->nposonly;
    if (nargs < min_posonly) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "%s%s takes %s %zd positional argument%s (%zd given)", CALLED(name),
                            min_posonly < sig->npos ? "at least" : "exactly", min_posonly,
                            plural(min_posonly), nargs);
    }
    return 0;
}

// ---- binding ------------------------------------------------------------------------------------

void qv_sig_release(QvInterp *qi, const QvSig *sig, QvObj **slots, uint64_t owned)
{
    (void)sig;
    for (int i = 0; owned; i++, owned >>= 1) {
        if (owned & 1) {
            qv_xdecref(qi, slots[i]);
        }
    }
}

// Slot of a keyword, or -1.
static int find_keyword(const QvSig *sig, QvObj *key)
{
    for (int i = sig->nposonly; i < sig->nparams; i++) {
        if (sig->names[i] == key && i != sig->varargs && i != sig->varkw) {
            return i;
        }
    }
    // Not interned, or equal by chance of another spelling.
    for (int i = sig->nposonly; i < sig->nparams; i++) {
        if (i != sig->varargs && i != sig->varkw && qv_str_equal(sig->names[i], key)) {
            return i;
        }
    }
    return -1;
}

// qv_sig_bind; self is for messages.
static int bind(QvInterp *qi, const QvSig *sig, const QvObj *self, QvObj *const *args,
                QvSsize nargs, QvObj *kwnames, QvObj **slots, uint64_t *ret_owned)
{
    *ret_owned = 0;
    QvSsize nkw = kwnames ? qv_tuple_len(kwnames) : 0;
    const char *name = sig->def->name;
    bool takes_keywords = sig->nposonly < sig->npos || sig->nkwonly || sig->varkw >= 0;
    if (!takes_keywords) {
        if (nkw) {
            return no_keywords(qi, owner_of(sig, self), name);
        }
        if (nargs < sig->nrequired || (sig->varargs < 0 && nargs > sig->npos)) {
            return wrong_count_sig(qi, sig, self, nargs);
        }
    } else if (check_counts(qi, name, sig, nargs, nkw) < 0) {
        return -1;
    }
    memset(slots, 0, sig->nparams * sizeof(QvObj *));
    QvSsize n = nargs < sig->npos ? nargs : sig->npos;
    for (QvSsize i = 0; i < n; i++) {
        slots[i] = args[i];
    }
    uint64_t owned = 0;
    if (sig->varargs >= 0) {
        QvObj *rest = qv_tuple_from_array(qi, args + n, nargs - n);
        if (!rest) {
            return -1;
        }
        slots[sig->varargs] = rest;
        owned |= UINT64_C(1) << sig->varargs;
    }
    QvObj *unexpected = NULL;
    int twice = -1;
    for (QvSsize k = 0; k < nkw; k++) {
        QvObj *key = qv_tuple_peek(kwnames, k);
        int i = find_keyword(sig, key);
        if (i >= 0) {
            if (slots[i]) {
                twice = i;
            } else {
                slots[i] = args[nargs + k];
            }
        } else if (sig->varkw >= 0) {
            if (!slots[sig->varkw]) {
                slots[sig->varkw] = qv_dict_new(qi);
                owned |= UINT64_C(1) << sig->varkw;
            }
            if (!slots[sig->varkw] ||
                qv_dict_set(qi, slots[sig->varkw], key, args[nargs + k]) < 0) {
                goto fail;
            }
        } else if (!unexpected) {
            unexpected = key;
        }
    }
    for (int i = (int)n; i < sig->nparams; i++) {
        if (!slots[i] && (i < sig->nrequired || (sig->kwreq >> i & 1))) {
            qv_raise(qi, &qv_exc_TypeError, "%s() missing required argument '%U' (pos %d)", name,
                     sig->names[i], i + 1);
            goto fail;
        }
    }
    if (twice >= 0) {
        qv_raise(qi, &qv_exc_TypeError, "argument for %s() given by name ('%U') and position (%d)",
                 name, sig->names[twice], twice + 1);
        goto fail;
    }
    if (unexpected) {
        qv_raise(qi, &qv_exc_TypeError, "'%U' is an invalid keyword argument for %s()", unexpected,
                 name);
        goto fail;
    }
    *ret_owned = owned;
    return 0;
fail:
    qv_sig_release(qi, sig, slots, owned);
    return -1;
}

int qv_sig_bind(QvInterp *qi, const QvSig *sig, QvObj *const *args, QvSsize nargs, QvObj *kwnames,
                QvObj **slots, uint64_t *ret_owned)
{
    return bind(qi, sig, NULL, args, nargs, kwnames, slots, ret_owned);
}

static QV_NOINLINE QvObj *call_bound(QvInterp *qi, const QvSig *sig, QvObj *self,
                                     QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvObj *slots[QV_SIG_MAX];
    uint64_t owned;
    if (bind(qi, sig, self, args, nargs, kwnames, slots, &owned) < 0) {
        return NULL;
    }
    QvSsize given = sig->nparams;
    while (given > 0 && !slots[given - 1]) {
        given--;
    }
    QvObj *r = sig->def->fn(qi, self, slots, sig->raw ? QV_NARGS_SLOTS : given);
    if (owned) {
        qv_sig_release(qi, sig, slots, owned);
    }
    return r;
}

// Fewer positional arguments than parameters: the natives read a NULL for each missing one.
static QV_NOINLINE QvObj *call_padded_many(QvInterp *qi, const QvSig *sig, QvObj *self,
                                           QvObj *const *args, QvSsize nargs)
{
    QvObj *slots[QV_SIG_MAX];
    QvSsize i = 0;
    for (; i < nargs; i++) {
        slots[i] = args[i];
    }
    for (; i < sig->nparams; i++) {
        slots[i] = NULL;
    }
    return sig->def->fn(qi, self, slots, nargs);
}

QvObj *qv_native_call_padded(QvInterp *qi, const QvSig *sig, QvObj *self, QvObj *const *args,
                             QvSsize nargs)
{
    if (QV_UNLIKELY(sig->nparams > 4)) {
        return call_padded_many(qi, sig, self, args, nargs);
    }
    QvObj *slots[4] = {NULL, NULL, NULL, NULL};
    switch (nargs) { // no loop
    case 4: slots[3] = args[3]; __attribute__((fallthrough));
    case 3: slots[2] = args[2]; __attribute__((fallthrough));
    case 2: slots[1] = args[1]; __attribute__((fallthrough));
    case 1: slots[0] = args[0]; break;
    default: break;
    }
    return sig->def->fn(qi, self, slots, nargs);
}

QV_HOT QvObj *qv_native_call(QvInterp *qi, const QvSig *sig, QvObj *self, QvObj *const *args,
                             QvSsize nargs, QvObj *kwnames)
{
    if (QV_LIKELY(!kwnames || qv_tuple_len(kwnames) == 0)) {
        if (sig->raw && qv_sig_takes(sig, nargs)) {
            return sig->def->fn(qi, self, args, nargs);
        }
        if (sig->simple) {
            if (QV_LIKELY(nargs == sig->nparams)) {
                return sig->def->fn(qi, self, args, nargs);
            }
            if (nargs >= sig->nrequired && nargs < sig->nparams) {
                return qv_native_call_padded(qi, sig, self, args, nargs);
            }
            wrong_count_sig(qi, sig, self, nargs);
            return NULL;
        }
        if (sig->tail) {
            if (nargs >= sig->npos) {
                return sig->def->fn(qi, self, args, nargs);
            }
            if (nargs >= sig->nrequired) {
                return qv_native_call_padded(qi, sig, self, args, nargs);
            }
            wrong_count_sig(qi, sig, self, nargs);
            return NULL;
        }
        // Keywords are possible and none is given: binding would come to the same.
        if (sig->varargs < 0 && sig->varkw < 0 && sig->kwreq == 0 && nargs >= sig->nrequired &&
            nargs <= sig->npos) {
            return qv_native_call_padded(qi, sig, self, args, nargs);
        }
    } else if (sig->tail) {
        no_keywords(qi, owner_of(sig, self), sig->def->name);
        return NULL;
    }
    return call_bound(qi, sig, self, args, nargs, kwnames);
}

// ---- constructors: signatures read on the spot --------------------------------------------------

// A signature that has been read. They are kept, by the address of the text, which is a literal.
typedef struct ArgsEntry {
    const char *text;
    size_t bytes; // of the entry
    QvSig sig;
    char name[64];   // what stands before the parenthesis
    SigWord words[]; // sig.nparams
} ArgsEntry;

#define ARGS_ENTRIES 64 // a place for each hash; the later of two with the same takes it

typedef struct QvArgsCache {
    ArgsEntry *entries[ARGS_ENTRIES];
} QvArgsCache;

void qv_args_cache_free(QvInterp *qi)
{
    QvArgsCache *cache = qi->args_cache;
    qi->args_cache = NULL;
    for (int i = 0; cache && i < ARGS_ENTRIES; i++) {
        if (cache->entries[i]) {
            qv_free(qi, cache->entries[i], cache->entries[i]->bytes);
        }
    }
    if (cache) {
        qv_free(qi, cache, sizeof(*cache));
    }
}

// Reads the signature into the cache. NULL with an exception.
static QV_NOINLINE const ArgsEntry *args_read(QvInterp *qi, const char *text, size_t place)
{
    const char *paren = strchr(text, '(');
    QvSig sig;
    SigWord words[QV_SIG_MAX];
    if (!paren || read_sig(paren, &sig, words) < 0) {
        return (ArgsEntry *)(void *)qv_raise(qi, &qv_exc_SystemError, "bad signature: %s", text);
    }
    QvArgsCache *cache = qi->args_cache;
    if (!cache) {
        cache = qv_alloc(qi, sizeof(*cache));
        if (!cache) {
            return NULL;
        }
        *cache = (QvArgsCache){0};
        qi->args_cache = cache;
    }
    size_t bytes = sizeof(ArgsEntry) + sig.nparams * sizeof(SigWord);
    ArgsEntry *e = qv_alloc(qi, bytes);
    if (!e) {
        return NULL;
    }
    *e = (ArgsEntry){.text = text, .bytes = bytes, .sig = sig};
    memcpy(e->words, words, sig.nparams * sizeof(SigWord));
    size_t n = (size_t)(paren - text);
    memcpy(e->name, text, n < sizeof(e->name) ? n : sizeof(e->name) - 1);
    if (cache->entries[place]) {
        qv_free(qi, cache->entries[place], cache->entries[place]->bytes);
    }
    cache->entries[place] = e;
    return e;
}

int qv_args(QvInterp *qi, const char *text, QvObj *const *args, QvSsize nargs, QvObj *kwnames,
            QvObj **slots)
{
    size_t place = ((uintptr_t)text * UINT64_C(0x9E3779B97F4A7C15)) >> 58;
    const ArgsEntry *e = qi->args_cache ? qi->args_cache->entries[place] : NULL;
    if (QV_UNLIKELY(!e || e->text != text)) {
        e = args_read(qi, text, place);
        if (!e) {
            return -1;
        }
    }
    // Nothing below runs Python before the last look at the entry: messages are made at the end.
    const QvSig *sig = &e->sig;
    const SigWord *words = e->words;
    const char *name = e->name;
    QvSsize nkw = kwnames ? qv_tuple_len(kwnames) : 0;
    if (sig->simple) {
        if (nkw) {
            return no_keywords(qi, NULL, name);
        }
        if (nargs < sig->nrequired || nargs > sig->npos) {
            return wrong_count(qi, name, sig->nrequired, sig->npos, nargs);
        }
    } else if (check_counts(qi, name, sig, nargs, nkw) < 0) {
        return -1;
    }
    for (int i = 0; i < sig->nparams; i++) {
        slots[i] = i < nargs ? args[i] : NULL;
    }
    QvObj *unexpected = NULL;
    int twice = -1;
    for (QvSsize k = 0; k < nkw; k++) {
        QvObj *key = qv_tuple_peek(kwnames, k);
        int found = -1;
        for (int i = sig->nposonly; i < sig->nparams && found < 0; i++) {
            if (qv_str_is_ascii(key) && (size_t)qv_str_len(key) == words[i].n &&
                memcmp(qv_str_data(key), words[i].s, words[i].n) == 0) {
                found = i;
            }
        }
        if (found < 0) {
            unexpected = unexpected ? unexpected : key;
        } else if (slots[found]) {
            twice = found;
        } else {
            slots[found] = args[nargs + k];
        }
    }
    int given = 0;
    for (int i = 0; i < sig->nparams; i++) {
        if (slots[i]) {
            given = i + 1;
        } else if (i < sig->nrequired || (sig->kwreq >> i & 1)) {
            return qv_raise_int(qi, &qv_exc_TypeError,
                                "%s%s missing required argument '%.*s' (pos %d)", CALLED(name),
                                (int)words[i].n, words[i].s, i + 1);
        }
    }
    if (twice >= 0) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "argument for %s%s given by name ('%.*s') and position (%d)",
                            CALLED(name), (int)words[twice].n, words[twice].s, twice + 1);
    }
    if (unexpected) {
        return qv_raise_int(qi, &qv_exc_TypeError, "'%U' is an invalid keyword argument for %s%s%s",
                            unexpected, name[0] ? "" : "this ", CALLED(name));
    }
    return given;
}

// ---- builtin_function_or_method -----------------------------------------------------------------

const QvSig *qv_sig_find(const QvNativeDef *def)
{
    uint32_t mask = qv_shared.sigs_mask;
    for (uint32_t i = (uint32_t)qv_hash_ptr(def) * 0x9E3779B1u >> 8 & mask;; i = (i + 1) & mask) {
        const QvSig *sig = qv_shared.sigs[i];
        if (!sig || sig->def == def) {
            return sig;
        }
    }
}

QvObj *qv_builtin_new(QvInterp *qi, const QvSig *sig, QvObj *self, QvObj *module_name)
{
    QvBuiltin *b = (QvBuiltin *)qv_obj_new(qi, &qv_builtin_type);
    if (b) {
        b->sig = sig;
        b->self = qv_xnew_ref(qi, self);
        b->module = qv_xnew_ref(qi, module_name);
    }
    return (QvObj *)b;
}

QvObj *qv_builtin_from_def(QvInterp *qi, const QvNativeDef *def, QvObj *self, QvObj *module_name)
{
    const QvSig *sig = qv_sig_find(def);
    if (sig) {
        return qv_builtin_new(qi, sig, self, module_name);
    }
    QvSig *own = qv_sig_new(qi, def);
    if (!own) {
        return NULL;
    }
    QvObj *b = qv_builtin_new(qi, own, self, module_name);
    if (!b) {
        qv_sig_free(qi, own);
        return NULL;
    }
    ((QvBuiltin *)b)->owns_sig = true;
    return b;
}

QvObj *qv_method_descr_new(QvInterp *qi, QvType *type, const QvNativeDef *def)
{
    QvSig *sig = qv_sig_new(qi, def);
    if (!sig) {
        return NULL;
    }
    QvMethodDescr *d = (QvMethodDescr *)qv_obj_new(qi, &qv_method_descriptor_type);
    if (!d) {
        qv_sig_free(qi, sig);
        return NULL;
    }
    d->sig = sig;
    d->type = (QvType *)qv_new_ref(qi, &type->h);
    return &d->h;
}

void qv_method_descr_fini(QvInterp *qi, QvObj *descr)
{
    QvMethodDescr *d = (QvMethodDescr *)descr;
    if (d->sig) {
        qv_sig_free(qi, (QvSig *)(uintptr_t)d->sig);
        d->sig = NULL;
    }
    qv_clear(qi, (QvObj **)&d->type);
}

static void builtin_fini(QvInterp *qi, QvObj *o)
{
    QvBuiltin *b = (QvBuiltin *)o;
    if (b->owns_sig) {
        qv_sig_free(qi, (QvSig *)(uintptr_t)b->sig);
    }
    qv_clear(qi, &b->self);
    qv_clear(qi, &b->module);
}

static int builtin_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QvBuiltin *b = (QvBuiltin *)o;
    QV_VISIT(b->self);
    QV_VISIT(b->module);
    return 0;
}

static QvObj *builtin_call(QvInterp *qi, QvObj *f, QvObj *const *args, QvSsize nargs,
                           QvObj *kwnames)
{
    QvBuiltin *b = (QvBuiltin *)f;
    if (QV_UNLIKELY(b->sig == &qv_new_sig)) {
        return qv_new_wrapper_call(qi, (QvType *)b->self, args, nargs, kwnames);
    }
    return qv_native_call(qi, b->sig, b->self, args, nargs, kwnames);
}

// Is it a function of a module (or free), not a method?
static bool is_function(const QvBuiltin *b)
{
    return !b->self || qv_is_module(b->self) || b->self->type == &qv_guard_type;
}

static QvObj *builtin_repr(QvInterp *qi, QvObj *o)
{
    QvBuiltin *b = (QvBuiltin *)o;
    if (is_function(b)) {
        return qv_str_format(qi, "<built-in function %s>", b->sig->def->name);
    }
    return qv_str_format(qi, "<built-in method %s of %T object at %p>", b->sig->def->name, b->self,
                         (void *)b->self);
}

static QvObj *builtin_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    (void)qi;
    if ((op != QV_EQ && op != QV_NE) || w->type != &qv_builtin_type) {
        return QV_NOTIMPLEMENTED;
    }
    QvBuiltin *a = (QvBuiltin *)v;
    QvBuiltin *b = (QvBuiltin *)w;
    bool same = a->self == b->self && a->sig->def->fn == b->sig->def->fn;
    return qv_bool(same == (op == QV_EQ));
}

static QvHash builtin_hash(QvInterp *qi, QvObj *o)
{
    (void)qi;
    QvBuiltin *b = (QvBuiltin *)o;
    QvHash h = qv_hash_ptr(b->self) ^ qv_hash_ptr((void *)(uintptr_t)b->sig->def->fn);
    return h == -1 ? -2 : h;
}

static QvObj *builtin_get_name(QvInterp *qi, QvObj *o)
{
    return qv_str_intern_cstr(qi, ((QvBuiltin *)o)->sig->def->name);
}

static QvObj *builtin_get_qualname(QvInterp *qi, QvObj *o)
{
    QvBuiltin *b = (QvBuiltin *)o;
    if (is_function(b)) {
        return builtin_get_name(qi, o);
    }
    QvType *t = qv_is_type(b->self) ? (QvType *)b->self : qv_type_of(b->self);
    QvObj *qual = qv_type_get_qualname(qi, t);
    if (!qual) {
        return NULL;
    }
    QvObj *r = qv_str_format(qi, "%U.%s", qual, b->sig->def->name);
    qv_decref(qi, qual);
    return r;
}

static QvObj *builtin_get_self(QvInterp *qi, QvObj *o)
{
    QvBuiltin *b = (QvBuiltin *)o;
    if (b->self) {
        return qv_new_ref(qi, b->self->type == &qv_guard_type ? qv_guard_module(b->self) : b->self);
    }
    if (b->module && qi->modules) {
        // A sealed function is shared by all interpreters: the module is this one's.
        QvObj *m;
        int r = qv_dict_get(qi, qi->modules, b->module, &m);
        if (r < 0) {
            return NULL;
        }
        if (r > 0) {
            return qv_new_ref(qi, m);
        }
    }
    return QV_NONE;
}

static QvObj *builtin_get_module(QvInterp *qi, QvObj *o)
{
    QvBuiltin *b = (QvBuiltin *)o;
    return b->module ? qv_new_ref(qi, b->module) : QV_NONE;
}

static QvObj *builtin_get_doc(QvInterp *qi, QvObj *o)
{
    const char *doc = ((QvBuiltin *)o)->sig->def->doc;
    return doc ? qv_str_new_cstr(qi, doc) : QV_NONE;
}

static QvObj *builtin_get_text_signature(QvInterp *qi, QvObj *o)
{
    return qv_sig_text(qi, ((QvBuiltin *)o)->sig->def);
}

static QvObj *builtin_reduce(QvInterp *qi, QvObj *o, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvBuiltin *b = (QvBuiltin *)o;
    QvObj *name = builtin_get_name(qi, o);
    if (!name || is_function(b)) {
        return name;
    }
    QvObj *getattr_ = qi->builtins ? qv_dict_peek_str(qi->builtins, QV_N(getattr)) : NULL;
    QvObj *pair = qv_tuple_of(qi, 2, b->self, name);
    qv_decref(qi, name);
    if (!getattr_ || !pair) {
        qv_xdecref(qi, pair);
        return qv_err_occurred(qi) ? NULL
                                   : qv_raise(qi, &qv_exc_RuntimeError, "builtins.getattr is gone");
    }
    QvObj *r = qv_tuple_of(qi, 2, getattr_, pair);
    qv_decref(qi, pair);
    return r;
}

static const QvNativeDef builtin_methods[] = {
    {"__reduce__", builtin_reduce, "($self, /)", "Helper for pickle."},
    {0},
};

static const QvGetSet builtin_getsets[] = {
    {"__name__", builtin_get_name, NULL, NULL},
    {"__qualname__", builtin_get_qualname, NULL, NULL},
    {"__self__", builtin_get_self, NULL, NULL},
    {"__module__", builtin_get_module, NULL, NULL},
    {"__doc__", builtin_get_doc, NULL, NULL},
    {"__text_signature__", builtin_get_text_signature, NULL, NULL},
    {0},
};

QV_SEALED QvType qv_builtin_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "builtin_function_or_method",
    .id = QV_TID_builtin,
    .flags = QV_T_GC | QV_T_WEAK | QV_T_NO_NEW,
    .size = sizeof(QvBuiltin),
    .fini = builtin_fini,
    .traverse = builtin_traverse,
    .call = builtin_call,
    .repr = builtin_repr,
    .richcmp = builtin_richcmp,
    .hash = builtin_hash,
    .methods = builtin_methods,
    .getsets = builtin_getsets,
};
