// SPDX-License-Identifier: MIT
// The seal: completes the static types and the tables that all interpreters share, then takes the
// right to write from their pages.
//
// Done once per process, under the start lock, before any interpreter exists. Two kinds of memory
// are sealed: the section qv_sealed (static objects) and an arena for what is computed here (dicts
// of types, descriptors, signatures, names). The section is page aligned because qv_shared is. Its
// last page is sealed too when it holds nothing else: that is so when the section ends where .data
// ends, because seal_guard below makes .bss begin on a page of its own.
#include "object/seal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/hash.h"
#include "object/descr.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/function.h"
#include "object/int.h"
#include "object/names.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"
#include "object/type_internal.h"

#define PAGE          4096
#define ARENA_RESERVE ((size_t)16 << 20)  // address space; only what is used becomes memory
#define ARENA_USUAL   ((size_t)528 << 10) // what it comes to, or somewhat less
#define NAMES_MIN     4096                // slots; grows when they are half full
#define SIGS_MIN      4096
#define SIG_TEXTS     1024 // 2 to the power 32 - 22, see parse_sig
#define MAX_ATTRS     384  // most own attributes of one static type

QV_SEALED QvShared qv_shared __attribute__((aligned(PAGE))) = {0};

// Where the arena stands while the seal runs; zero before and after. Its alignment gives .bss a
// page of its own.
static struct SealState {
    char *base;
    size_t used;
    size_t names; // entries in qv_shared.names
    size_t sigs;
    const QvSig *texts[SIG_TEXTS]; // parsed signatures by the address of their text
} seal_guard __attribute__((aligned(PAGE)));

extern char __start_qv_sealed[] __attribute__((visibility("hidden")));
extern char __stop_qv_sealed[] __attribute__((visibility("hidden")));
extern char _edata[] __attribute__((visibility("hidden")));

static QvType *const all_types[QV_TID_COUNT] = {
#define TYPE(stem, builtin_name) [QV_TID_##stem] = &qv_##stem##_type,
#include "object/types.def"
#undef TYPE
#define EXC(name, base) [QV_TID_exc_##name] = &qv_exc_##name,
#include "object/exceptions.def"
#undef EXC
};

// Bases of exceptions, by the table.
#define qv_exc_object qv_object_type
static const struct {
    QvType *type, *base;
} exception_bases[] = {
#define EXC(name, base) {&qv_exc_##name, &qv_exc_##base},
#include "object/exceptions.def"
#undef EXC
};
#undef qv_exc_object

// Static types with more than one base: the bases and what follows the type in its mro.
static const struct {
    QvType *type;
    QvType *bases[3];
    QvType *mro[6];
} multi_bases[] = {
    {&qv_exc_ExceptionGroup,
     {&qv_exc_BaseExceptionGroup, &qv_exc_Exception},
     {&qv_exc_BaseExceptionGroup, &qv_exc_Exception, &qv_exc_BaseException, &qv_object_type}},
};

// Flags that come with a type, whoever derives from it.
static const struct {
    QvType *type;
    uint32_t flags;
} type_flags[] = {
    {&qv_int_type, QV_T_INT | QV_T_MATCH_SELF},
    {&qv_list_type, QV_T_LIST | QV_T_SEQUENCE | QV_T_MATCH_SELF},
    {&qv_tuple_type, QV_T_TUPLE | QV_T_SEQUENCE | QV_T_MATCH_SELF},
    {&qv_bytes_type, QV_T_BYTES | QV_T_MATCH_SELF},
    {&qv_str_type, QV_T_STR | QV_T_MATCH_SELF},
    {&qv_dict_type, QV_T_DICT | QV_T_MAPPING | QV_T_MATCH_SELF},
    {&qv_type_type, QV_T_TYPE},
    {&qv_exc_BaseException, QV_T_EXC},
    {&qv_float_type, QV_T_MATCH_SELF},
    {&qv_set_type, QV_T_MATCH_SELF},
    {&qv_frozenset_type, QV_T_MATCH_SELF},
    {&qv_bytearray_type, QV_T_MATCH_SELF},
    {&qv_mappingproxy_type, QV_T_MAPPING},
    {&qv_range_type, QV_T_SEQUENCE},
    {&qv_memoryview_type, QV_T_SEQUENCE},
};

#define INHERITED_FLAGS                                                                           \
    (QV_T_GC | QV_T_VAR | QV_T_WEAK | QV_T_SEQUENCE | QV_T_MAPPING | QV_T_MATCH_SELF | QV_T_INT | \
     QV_T_LIST | QV_T_TUPLE | QV_T_BYTES | QV_T_STR | QV_T_DICT | QV_T_EXC | QV_T_TYPE)

uint64_t qv_process_hash_seed(void) { return qv_shared.hash_seed; }

// ---- sealed memory ------------------------------------------------------------------------------

void *qv_seal_alloc(size_t n)
{
    n = (n + 15) & ~(size_t)15;
    if (!seal_guard.base || n > ARENA_RESERVE - seal_guard.used) {
        return NULL;
    }
    void *p = seal_guard.base + seal_guard.used;
    seal_guard.used += n;
    return p;
}

QvObj *qv_seal_str(const char *s, size_t n)
{
    QvStr *str = qv_seal_alloc(sizeof(QvStr) + n + 1);
    if (!str) {
        return NULL;
    }
    str->h = (QvObj)QV_STATIC_HEADER(&qv_str_type);
    str->h.flags = QV_F_ASCII;
    str->len = (QvSsize)n;
    str->hash = -1;
    char *p = (char *)(str + 1);
    for (size_t i = 0; i < n; i++) {
        p[i] = (char)((unsigned char)s[i] < 128 ? s[i] : '?');
    }
    qv_str_hash(&str->h);
    return &str->h;
}

static size_t name_slot(QvHash hash, size_t mask)
{
    return ((uint64_t)hash ^ (uint64_t)hash >> 20) & mask;
}

static void insert_name(QvObj **table, uint32_t mask, QvObj *name)
{
    size_t i = name_slot(((QvStr *)name)->hash, mask);
    while (table[i]) {
        i = (i + 1) & mask;
    }
    table[i] = name;
}

// Adds a name to the table being built. 0/-1.
static int add_name(QvObj *name)
{
    if ((seal_guard.names + 1) * 2 > qv_shared.names_mask) {
        uint32_t size = qv_shared.names ? (qv_shared.names_mask + 1) * 2 : NAMES_MIN;
        QvObj **table = qv_seal_alloc(size * sizeof(QvObj *)); // zeroed; the old one stays there
        if (!table) {
            return -1;
        }
        for (uint32_t i = 0; qv_shared.names && i <= qv_shared.names_mask; i++) {
            if (qv_shared.names[i]) {
                insert_name(table, size - 1, qv_shared.names[i]);
            }
        }
        qv_shared.names = table;
        qv_shared.names_mask = size - 1;
    }
    insert_name(qv_shared.names, qv_shared.names_mask, name);
    seal_guard.names++;
    return 0;
}

QvObj *qv_names_find(const char *s, QvSsize n, QvHash hash)
{
    uint32_t mask = qv_shared.names_mask;
    for (size_t i = name_slot(hash, mask);; i = (i + 1) & mask) {
        QvObj *name = qv_shared.names[i];
        if (!name) {
            return NULL;
        }
        const QvStr *str = (QvStr *)name;
        if (str->hash == hash && str->len == n && memcmp(str + 1, s, (size_t)n) == 0) {
            return name;
        }
    }
}

QvObj *qv_seal_intern(const char *s, size_t n)
{
    QvObj *found = qv_names_find(s, (QvSsize)n, qv_hash_bytes(s, n, qv_shared.hash_seed));
    if (found) {
        return found;
    }
    QvObj *str = qv_seal_str(s, n);
    if (!str) {
        return NULL;
    }
    str->flags |= QV_F_INTERNED;
    return add_name(str) < 0 ? NULL : str;
}

static QvObj *intern_cstr(const char *s) { return qv_seal_intern(s, strlen(s)); }

// PYTHONHASHSEED as CPython reads it: a number fixes the seed, all else is random.
static int choose_seed(void)
{
    const char *env = getenv("PYTHONHASHSEED");
    if (env && *env && strcmp(env, "random") != 0) {
        char *end;
        unsigned long seed = strtoul(env, &end, 10);
        if (*end == 0 && seed <= 4294967295ul) {
            qv_shared.hash_seed = seed * UINT64_C(0x9E3779B97F4A7C15);
            return 0;
        }
    }
    return qv_hash_random(&qv_shared.hash_seed, sizeof(qv_shared.hash_seed));
}

static int seal_names(void)
{
#define NAME(id, text)                        \
    qv_str_hash(&qv_names.n_##id.s.h);        \
    if (add_name(&qv_names.n_##id.s.h) < 0) { \
        return -1;                            \
    }
#include "object/names.def"
#undef NAME
    return 0;
}

// ---- signatures ---------------------------------------------------------------------------------

static size_t sig_slot(const QvNativeDef *def, size_t mask)
{
    return (uint32_t)qv_hash_ptr(def) * 0x9E3779B1u >> 8 & mask;
}

static void insert_sig(const QvSig **table, uint32_t mask, const QvSig *sig)
{
    size_t i = sig_slot(sig->def, mask);
    while (table[i]) {
        i = (i + 1) & mask;
    }
    table[i] = sig;
}

// qv_sig_parse, but two thirds of all rows have the text of another: the linker has merged those,
// and what was read once is taken over, names included.
static int parse_sig(const QvNativeDef *def, const char *owner, QvSig *ret)
{
    const QvSig **known = &seal_guard.texts[(uint32_t)(uintptr_t)def->sig * 0x9E3779B1u >> 22];
    if (*known && (*known)->def->sig == def->sig) {
        *ret = **known;
        ret->def = def;
        ret->owner = owner;
        return 0;
    }
    *known = ret;
    return qv_sig_parse(def, owner, ret);
}

// The parsed signature of a row, made now.
static const QvSig *add_sig(const QvNativeDef *def, const char *owner)
{
    if ((seal_guard.sigs + 1) * 2 > qv_shared.sigs_mask) {
        uint32_t size = qv_shared.sigs ? (qv_shared.sigs_mask + 1) * 2 : SIGS_MIN;
        const QvSig **table = qv_seal_alloc(size * sizeof(QvSig *));
        if (!table) {
            return NULL;
        }
        for (uint32_t i = 0; qv_shared.sigs && i <= qv_shared.sigs_mask; i++) {
            if (qv_shared.sigs[i]) {
                insert_sig(table, size - 1, qv_shared.sigs[i]);
            }
        }
        qv_shared.sigs = table;
        qv_shared.sigs_mask = size - 1;
    }
    QvSig *sig = qv_seal_alloc(sizeof(*sig));
    if (!sig || parse_sig(def, owner, sig) < 0) {
        return NULL;
    }
    insert_sig(qv_shared.sigs, qv_shared.sigs_mask, sig);
    seal_guard.sigs++;
    return sig;
}

static int seal_modules(void)
{
    for (const QvModuleRow *row = qv_module_rows; row->name; row++) {
        const char *owner = strcmp(row->name, "builtins") == 0 ? NULL : row->name;
        if (!intern_cstr(row->name)) {
            return -1;
        }
        for (const QvNativeDef *def = row->def ? row->def->functions : NULL; def && def->name;
             def++) {
            if (!intern_cstr(def->name) || !add_sig(def, owner)) {
                return -1;
            }
        }
    }
    return 0;
}

// ---- the attributes of a type -------------------------------------------------------------------

typedef struct Attrs {
    QvObj *keys[MAX_ATTRS];
    QvObj *values[MAX_ATTRS];
    QvSsize n;
} Attrs;

static bool has_attr(const Attrs *a, const QvObj *key)
{
    for (QvSsize i = 0; i < a->n; i++) {
        if (a->keys[i] == key) {
            return true;
        }
    }
    return false;
}

static int add_attr(Attrs *a, QvObj *key, QvObj *value)
{
    if (!key || !value || a->n == MAX_ATTRS) {
        return -1;
    }
    if (!has_attr(a, key)) {
        a->keys[a->n] = key;
        a->values[a->n++] = value;
    }
    return 0;
}

static QvObj *sealed_builtin(const QvSig *sig, QvObj *self)
{
    QvBuiltin *b = qv_seal_alloc(sizeof(*b));
    if (!b) {
        return NULL;
    }
    b->h = (QvObj)QV_STATIC_HEADER(&qv_builtin_type);
    b->sig = sig;
    b->self = self;
    return &b->h;
}

static QvObj *sealed_method(QvType *t, const QvNativeDef *def)
{
    const QvSig *sig = add_sig(def, qv_type_short_name(t));
    if (!sig) {
        return NULL;
    }
    if (sig->kind == QV_SIG_STATIC) {
        QvWrapDescr *w = qv_seal_alloc(sizeof(*w));
        if (w) {
            w->h = (QvObj)QV_STATIC_HEADER(&qv_staticmethod_type);
            w->callable = sealed_builtin(sig, &t->h);
        }
        return w && w->callable ? &w->h : NULL;
    }
    if (sig->kind == QV_SIG_MODULE) {
        fprintf(stderr, "quiver: %s.%s: $module in a type's method\n", t->name, def->name);
        return NULL;
    }
    QvMethodDescr *d = qv_seal_alloc(sizeof(*d));
    if (d) {
        d->h = (QvObj)QV_STATIC_HEADER(sig->kind == QV_SIG_SELF ? &qv_method_descriptor_type
                                                                : &qv_classmethod_descriptor_type);
        d->sig = sig;
        d->type = t;
    }
    return (QvObj *)d;
}

static QvObj *sealed_getset(QvType *t, const QvGetSet *def, QvObj *name)
{
    QvMemberDescr *d = qv_seal_alloc(sizeof(*d)); // begins like a QvGetSetDescr
    if (d) {
        bool member = def->set == qv_getset_readonly;
        d->h = (QvObj)QV_STATIC_HEADER(member ? &qv_member_descriptor_type
                                              : &qv_getset_descriptor_type);
        d->def = def;
        d->type = t;
        d->name = name;
    }
    return (QvObj *)d;
}

static QvObj *sealed_wrapper(QvType *t, const QvSlotRow *row)
{
    QvWrapperDescr *w = qv_seal_alloc(sizeof(*w));
    if (w) {
        w->h = (QvObj)QV_STATIC_HEADER(&qv_wrapper_descriptor_type);
        w->row = row;
        w->fn = *qv_slot_field(t, row);
        w->type = t;
    }
    return (QvObj *)w;
}

// Types whose instances have __module__ too, which is in the type's namespace then: heap types in
// CPython, which functools.update_wrapper and typing may ask.
static bool tells_module(const QvType *t)
{
    static const QvType *const types[] = {
        &qv_functools_partial_type,
        &qv_functools_lru_type,
        &qv_operator_itemgetter_type,
        &qv_operator_attrgetter_type,
        &qv_operator_methodcaller_type,
        &qv_struct_type,
        &qv_union_type,
    };
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (types[i] == t) {
            return true;
        }
    }
    return false;
}

// The type's own attributes, from what its initialiser says (before inheritance fills slots).
static int collect(QvType *t, Attrs *a)
{
    a->n = 0;
    for (const QvNativeDef *def = t->methods; def && def->name; def++) {
        if (add_attr(a, intern_cstr(def->name), sealed_method(t, def)) < 0) {
            return -1;
        }
    }
    for (const QvGetSet *def = t->getsets; def && def->name; def++) {
        QvObj *name = intern_cstr(def->name);
        if (!name || add_attr(a, name, sealed_getset(t, def, name)) < 0) {
            return -1;
        }
    }
    for (const QvSlotRow *row = qv_slot_rows; row->name; row++) {
        if (row->kind != QV_SK_NONE && *qv_slot_field(t, row) && !has_attr(a, row->name)) {
            bool unhashable = row->kind == QV_SK_HASH && t->hash == qv_hash_not_implemented;
            if (add_attr(a, row->name, unhashable ? QV_NONE : sealed_wrapper(t, row)) < 0) {
                return -1;
            }
        }
    }
    if (t->richcmp && !t->hash && add_attr(a, QV_N(__hash__), QV_NONE) < 0) {
        return -1;
    }
    if (t->new_ && add_attr(a, QV_N(__new__), sealed_builtin(&qv_new_sig, &t->h)) < 0) {
        return -1;
    }
    const char *dot = strrchr(t->name, '.');
    if (dot && tells_module(t) &&
        add_attr(a, QV_N(__module__), qv_seal_str(t->name, (size_t)(dot - t->name))) < 0) {
        return -1;
    }
    if (!has_attr(a, QV_N(__doc__))) {
        const char *doc = qv_type_plain_doc(t);
        return add_attr(a, QV_N(__doc__), doc ? qv_seal_str(doc, strlen(doc)) : QV_NONE);
    }
    return 0;
}

// ---- the module builtins ------------------------------------------------------------------------

// Its dict, from which every interpreter's is copied. The functions do not know the module, which
// is another one in each interpreter (native.c finds it by its name).
static int seal_builtins(Attrs *a)
{
    const QvModuleDef *def = qv_module_rows[0].def;
    QvObj *name = intern_cstr("builtins");
    if (strcmp(qv_module_rows[0].name, "builtins") != 0 || !name) {
        return -1;
    }
    a->n = 0;
    if (add_attr(a, QV_N(__name__), name) < 0 ||
        add_attr(a, QV_N(__doc__), qv_seal_str(def->doc, strlen(def->doc))) < 0 ||
        add_attr(a, QV_N(__package__), QV_NONE) < 0 || add_attr(a, QV_N(__loader__), QV_NONE) < 0 ||
        add_attr(a, QV_N(__spec__), QV_NONE) < 0) {
        return -1;
    }
    for (const QvNativeDef *row = def->functions; row->name; row++) {
        QvObj *f = sealed_builtin(qv_sig_find(row), NULL);
        if (f) {
            ((QvBuiltin *)f)->module = name;
        }
        if (add_attr(a, intern_cstr(row->name), f) < 0) {
            return -1;
        }
    }
    for (const QvBuiltinRow *row = qv_builtin_rows; row->value; row++) {
        if (row->name && add_attr(a, intern_cstr(row->name), row->value) < 0) {
            return -1;
        }
    }
    qv_shared.builtins = qv_dict_new_sealed(qv_seal_alloc, a->keys, a->values, a->n);
    return qv_shared.builtins ? 0 : -1;
}

// ---- one type -----------------------------------------------------------------------------------

static QvObj *sealed_tuple(QvType *const *items, QvSsize n)
{
    QvTuple *t = qv_seal_alloc(sizeof(QvTuple) + (size_t)n * sizeof(QvObj *));
    if (!t) {
        return NULL;
    }
    t->h = (QvObj)QV_STATIC_HEADER(&qv_tuple_type);
    t->len = n;
    for (QvSsize i = 0; i < n; i++) {
        t->items[i] = &items[i]->h;
    }
    return &t->h;
}

static int set_bases(QvType *t)
{
    QvType *tail[8];
    int n = 0;
    for (size_t i = 0; i < sizeof(multi_bases) / sizeof(multi_bases[0]); i++) {
        if (multi_bases[i].type == t) {
            int nbases = 0;
            while (multi_bases[i].bases[nbases]) {
                nbases++;
            }
            t->base = multi_bases[i].bases[0];
            t->bases = sealed_tuple(multi_bases[i].bases, nbases);
            while (multi_bases[i].mro[n]) {
                tail[n] = multi_bases[i].mro[n];
                n++;
            }
        }
    }
    if (n == 0) {
        t->bases = t->base ? sealed_tuple(&t->base, 1) : sealed_tuple(NULL, 0);
        for (int i = 0; t->base && i < t->base->mro_len; i++) {
            if (n == 8) {
                fprintf(stderr, "quiver: %s: mro of a static type is too long\n", t->name);
                return -1;
            }
            tail[n++] = t->base->mro[i];
        }
    }
    t->mro = qv_seal_alloc((size_t)(n + 1) * sizeof(QvType *));
    if (!t->bases || !t->mro) {
        return -1;
    }
    t->mro[0] = t;
    memcpy(t->mro + 1, tail, (size_t)n * sizeof(QvType *));
    t->mro_len = (uint16_t)(n + 1);
    return 0;
}

static void inherit(QvType *t)
{
    const QvType *b = t->base;
    bool own_compare = t->richcmp != NULL;
    bool own_traverse = t->traverse != NULL;
    bool may_create = t->new_ != NULL || b != &qv_object_type;
    bool own_hash = t->hash != NULL;
    for (const QvSlotRow *row = qv_slot_rows; row->name; row++) {
        QvSlotFn *field = qv_slot_field(t, row);
        if (!*field) {
            *field = *qv_slot_field(b, row);
        }
    }
    if (own_compare && !own_hash) {
        t->hash = qv_hash_not_implemented;
    }
    if (!may_create) {
        t->new_ = NULL;
        t->flags |= QV_T_NO_NEW;
    }
    t->dealloc = t->dealloc ? t->dealloc : t->fini ? qv_obj_dealloc : b->dealloc;
    t->fini = t->fini ? t->fini : b->fini;
    if (!own_traverse) {
        t->traverse = b->traverse;
        t->clear = t->clear ? t->clear : b->clear;
    }
    t->memsize = t->memsize ? t->memsize : b->memsize;
    if (!t->buffer) {
        t->buffer = b->buffer;
        t->buffer_release = b->buffer_release;
    }
    t->pack = t->pack ? t->pack : b->pack;
    t->size = t->size ? t->size : b->size;
    t->dict_offset = t->dict_offset ? t->dict_offset : b->dict_offset;
    t->flags |= b->flags & INHERITED_FLAGS;
}

static int seal_type(QvType *t, uint16_t id, Attrs *attrs)
{
    if (t->id != id) {
        fprintf(stderr, "quiver: type %s has the id %u, its row says %u\n", t->name, t->id, id);
        t->id = id;
    }
    for (size_t i = 0; i < sizeof(exception_bases) / sizeof(exception_bases[0]); i++) {
        if (exception_bases[i].type == t && !t->base) {
            t->base = exception_bases[i].base;
        }
    }
    if (t == &qv_bigint_type) {
        t->base = &qv_int_type;
    } else if (!t->base && t != &qv_object_type) {
        t->base = &qv_object_type;
    }
    for (size_t i = 0; i < sizeof(type_flags) / sizeof(type_flags[0]); i++) {
        if (type_flags[i].type == t) {
            t->flags |= type_flags[i].flags;
        }
    }
    t->flags |= QV_T_IMMUTABLE;
    if (t->traverse) {
        t->flags |= QV_T_GC;
    }
    t->version = id;
    if (t->base && !t->base->mro) {
        fprintf(stderr, "quiver: %s stands before its base %s in types.def\n", t->name,
                t->base->name);
        return -1;
    }
    if (t == &qv_bigint_type) {
        // A second face of int: nothing of its own that Python could see.
        inherit(t);
        t->mro = t->base->mro;
        t->mro_len = t->base->mro_len;
        t->bases = t->base->bases;
        t->dict = t->base->dict;
    } else {
        if (set_bases(t) < 0 || collect(t, attrs) < 0) {
            return -1;
        }
        t->dict = qv_dict_new_sealed(qv_seal_alloc, attrs->keys, attrs->values, attrs->n);
        if (!t->dict) {
            return -1;
        }
        if (t->base) {
            inherit(t);
        }
    }
    if (t->descr_set) {
        t->flags |= QV_T_DATA_DESCR;
    }
    if (t->finalize) {
        t->flags |= QV_T_HAS_DEL;
    }
    if ((t->flags & QV_T_BASE) && (t->flags & QV_T_VAR) && !t->memsize) {
        fprintf(stderr, "quiver: %s has no memsize\n", t->name);
        return -1;
    }
    return 0;
}

// ---- protection ---------------------------------------------------------------------------------

static int protect(void)
{
    size_t used = (seal_guard.used + PAGE - 1) & ~(size_t)(PAGE - 1);
    if (mprotect(seal_guard.base, used, PROT_READ) != 0) {
        return -1;
    }
    if (used < ARENA_RESERVE) {
        munmap(seal_guard.base + used, ARENA_RESERVE - used);
    }
    uintptr_t start = (uintptr_t)__start_qv_sealed;
    uintptr_t stop = (uintptr_t)__stop_qv_sealed;
    if (start % PAGE != 0) {
        return 0; // a linker that lays out otherwise: correct, only less protected
    }
    // Nothing else on the last page: the section ends .data, and .bss starts behind the page.
    uintptr_t edata = (uintptr_t)_edata;
    bool whole = edata >= stop && edata - stop < 16 &&
                 ((uintptr_t)&seal_guard & ~(uintptr_t)(PAGE - 1)) >= stop;
    uintptr_t end = whole ? (stop + PAGE - 1) & ~(uintptr_t)(PAGE - 1)
                          : stop & ~(uintptr_t)(PAGE - 1);
    if (end > start && mprotect((void *)start, end - start, PROT_READ) != 0) {
        return -1;
    }
    return 0;
}

int qv_types_seal(void)
{
    if (qv_shared.sealed) {
        return 0;
    }
    void *arena = mmap(NULL, ARENA_RESERVE, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (arena == MAP_FAILED) {
        return -1;
    }
    seal_guard = (struct SealState){.base = arena};
#ifdef MADV_POPULATE_WRITE
    (void)madvise(arena, ARENA_USUAL, MADV_POPULATE_WRITE); // one call instead of a fault per page
#endif
    Attrs *attrs = malloc(sizeof(*attrs));
    if (!attrs || choose_seed() < 0 || seal_names() < 0) {
        goto fail;
    }
    for (uint16_t id = 1; id < QV_TID_COUNT; id++) {
        if (seal_type(all_types[id], id, attrs) < 0) {
            fprintf(stderr, "quiver: cannot complete the type %s\n", all_types[id]->name);
            goto fail;
        }
    }
    if (seal_modules() < 0 || seal_builtins(attrs) < 0) {
        goto fail;
    }
    qv_shared.no_cache = qv_seal_alloc(QV_METHOD_CACHE * sizeof(QvMethodCacheEntry));
    if (!qv_shared.no_cache) {
        goto fail;
    }
    qv_shared.types = all_types;
    qv_shared.ntypes = QV_TID_COUNT;
    qv_shared.sealed_bytes = seal_guard.used;
    qv_shared.sealed = true;
    free(attrs);
    int r = protect();
    seal_guard = (struct SealState){0};
    return r;
fail:
    free(attrs);
    return -1;
}
