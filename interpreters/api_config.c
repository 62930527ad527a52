// SPDX-License-Identifier: MIT
// quiver.h: what this build has, and configurations from JSON.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "interpreters/api.h"

// ---- features -----------------------------------------------------------------------------------

int quiver_version_number(void)
{
    return QUIVER_VERSION_MAJOR * 10000 + QUIVER_VERSION_MINOR * 100 + QUIVER_VERSION_PATCH;
}

static bool has_module(const char *name)
{
    const QvModuleRow *row = qv_module_rows;
    while (row->name && strcmp(row->name, name) != 0) {
        row++;
    }
    return row->name != NULL;
}

bool quiver_feature(const char *name)
{
    static const struct {
        const char *feature, *module;
    } rows[] = {
        {"threads", "_thread"}, {"sockets", "_socket"},
        {"signals", "_signal"}, {"processes", "_posixsubprocess"},
        {"hash", "_hashlib"},   {"zlib", "zlib"},
    };
    if (!name) {
        return false;
    }
    if (strncmp(name, "module:", 7) == 0) {
        return has_module(name + 7);
    }
    if (strcmp(name, "stdlib") == 0) {
        return access(QV_STDLIB_DIR "/os.py", R_OK) == 0;
    }
    if (strcmp(name, "checks") == 0) {
        return QV_DEBUG;
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(name, rows[i].feature) == 0) {
            return has_module(rows[i].module);
        }
    }
    return false;
}

// ---- configurations from JSON -------------------------------------------------------------------

typedef enum FieldKind {
    FIELD_BOOL,
    FIELD_INT,
    FIELD_U32,
    FIELD_SIZE, // also of 64 bits
    FIELD_STR,
    FIELD_STRS,
    FIELD_WORD, // one of `words`: its index, as an enum
    FIELD_BITS  // a list of `words`: bits by index, of 64
} FieldKind;

static const char *const stream_words[] = {"default", "inherit", "null", "host",
                                           "capture", "channel", NULL};
static const char *const overflow_words[] = {"drop_old", "drop_new", "raise", NULL};
static const char *const capability_words[] = {
    "read", "write", "environment", "process", "socket", "thread", "interpreter", "native", NULL};
_Static_assert(QUIVER_ALLOW_ALL == (1 << 8) - 1 && QUIVER_ALLOW_NATIVE == 1 << 7,
               "capability_words");
_Static_assert(QUIVER_STREAM_CHANNEL == 5 && QUIVER_OVERFLOW_RAISE == 2, "words of enums");
_Static_assert(sizeof(size_t) == sizeof(uint64_t), "FIELD_SIZE");

typedef struct Field {
    const char *key;
    FieldKind kind;
    size_t offset;
    size_t count;             // STRS: where their number (an int) is
    const char *const *words; // WORD, BITS: ended by NULL
} Field;

#define FIELD(kind, name)                                          \
    {                                                              \
#name, FIELD_##kind, offsetof(QuiverConfig, name), 0, NULL \
    }
#define NAMES(kind, name, list)                                    \
    {                                                              \
#name, FIELD_##kind, offsetof(QuiverConfig, name), 0, list \
    }
#define STRINGS(name, how_many)                                                                 \
    {                                                                                           \
#name, FIELD_STRS, offsetof(QuiverConfig, name), offsetof(QuiverConfig, how_many), NULL \
    }

// Every field but functions, pointers and tables: tests/tools/test_config_keys.py looks.
static const Field fields[] = {
    STRINGS(argv, argc),
    FIELD(STR, stdlib_dir),
    STRINGS(path, npath),
    FIELD(STR, executable),
    FIELD(SIZE, memory_limit),
    FIELD(U32, recursion_limit),
    FIELD(INT, optimize),
    FIELD(BOOL, no_site),
    FIELD(BOOL, isolated),
    FIELD(BOOL, unbuffered),
    FIELD(BOOL, dont_write_bytecode),
    FIELD(BOOL, interactive),
    FIELD(INT, verbose),
    STRINGS(warnoptions, nwarn),
    FIELD(BOOL, report_uncaught),
    STRINGS(orig_argv, norig),
    STRINGS(xoptions, nxoptions),
    FIELD(STR, pycache_prefix),
    FIELD(STR, stdio_encoding),
    FIELD(STR, stdio_errors),
    FIELD(INT, int_max_str_digits),
    FIELD(INT, bytes_warning),
    FIELD(BOOL, ignore_env),
    FIELD(INT, debug),
    FIELD(BOOL, safe_path),
    FIELD(BOOL, no_user_site),
    FIELD(BOOL, quiet),
    FIELD(BOOL, inspect),
    FIELD(BOOL, dev_mode),
    FIELD(BOOL, locale_streams),
    FIELD(BOOL, warn_default_encoding),
    FIELD(STR, venv),
    FIELD(BOOL, venv_system_site),
    FIELD(BOOL, no_debug_ranges),
    FIELD(BOOL, no_jit),
    FIELD(INT, check_pycs),
    FIELD(BOOL, signals),
    FIELD(SIZE, time_limit),
    FIELD(SIZE, cpu_limit),
    FIELD(SIZE, fuel_limit),
    FIELD(SIZE, output_limit),
    FIELD(SIZE, stop_grace),
    FIELD(SIZE, exit_budget),
    NAMES(BITS, deny, capability_words),
    STRINGS(read_dirs, nread_dirs),
    STRINGS(write_dirs, nwrite_dirs),
    STRINGS(import_allow, nimport_allow),
    FIELD(SIZE, clock_ns),
    NAMES(WORD, stdin_stream, stream_words),
    NAMES(WORD, stdout_stream, stream_words),
    NAMES(WORD, stderr_stream, stream_words),
    FIELD(SIZE, capture_bytes),
    NAMES(WORD, overflow, overflow_words),
    FIELD(SIZE, stdout_channel),
    FIELD(SIZE, stderr_channel),
};

// Blocks that a config holds, in a list.
typedef struct Kept {
    struct Kept *next;
    max_align_t data[];
} Kept;

static void *keep(void **list, size_t n)
{
    Kept *k = malloc(sizeof *k + n);
    if (!k) {
        return NULL;
    }
    k->next = *list;
    *list = k;
    return k->data;
}

static void drop_all(void *list)
{
    Kept *k = list;
    while (k) {
        Kept *next = k->next;
        free(k);
        k = next;
    }
}

static const char *keep_str(void **list, const char *s)
{
    size_t n = strlen(s) + 1;
    char *copy = keep(list, n);
    return copy ? memcpy(copy, s, n) : NULL;
}

// An integer in min..max. What a double cannot hold exactly is not accepted.
static bool whole(const cJSON *v, double min, double max, double *ret)
{
    *ret = cJSON_IsNumber(v) ? v->valuedouble : NAN;
    return *ret >= min && *ret <= max && *ret == floor(*ret);
}

// NULL, or what v should have been.
static const char *set_number(const Field *f, void *at, const cJSON *v)
{
    double d;
    switch (f->kind) {
    case FIELD_INT:
        if (!whole(v, -2147483648.0, 2147483647.0, &d)) {
            return "an integer of 32 bits";
        }
        *(int *)at = (int)d;
        return NULL;
    case FIELD_U32:
        if (!whole(v, 0.0, 4294967295.0, &d)) {
            return "an integer of 0 to 4294967295";
        }
        *(uint32_t *)at = (uint32_t)d;
        return NULL;
    default:
        if (!whole(v, 0.0, 9007199254740992.0, &d)) {
            return "an integer of 0 to 2**53";
        }
        *(size_t *)at = (size_t)d;
        return NULL;
    }
}

static const char no_memory[] = "memory";

static const char *set_strings(const Field *f, QuiverConfig *c, const cJSON *v)
{
    static const char wanted[] = "a list of strings";
    if (!cJSON_IsArray(v)) {
        return wanted;
    }
    int n = cJSON_GetArraySize(v), k = 0;
    const char **list = keep(&c->json_block, ((size_t)n + 1) * sizeof *list);
    if (!list) {
        return no_memory;
    }
    const cJSON *item;
    cJSON_ArrayForEach(item, v)
    {
        if (!cJSON_IsString(item)) {
            return wanted;
        }
        list[k] = keep_str(&c->json_block, item->valuestring);
        if (!list[k++]) {
            return no_memory;
        }
    }
    list[k] = NULL;
    *(const char *const **)((char *)c + f->offset) = list;
    *(int *)((char *)c + f->count) = n;
    return NULL;
}

// The index of a word; -1: there is no such one.
static int word_index(const Field *f, const cJSON *v)
{
    for (int k = 0; cJSON_IsString(v) && f->words[k]; k++) {
        if (strcmp(f->words[k], v->valuestring) == 0) {
            return k;
        }
    }
    return -1;
}

static const char *set_bits(const Field *f, uint64_t *at, const cJSON *v)
{
    static const char wanted[] = "a list of names of capabilities";
    uint64_t bits = 0;
    const cJSON *item;
    if (!cJSON_IsArray(v)) {
        return wanted;
    }
    cJSON_ArrayForEach(item, v)
    {
        int k = word_index(f, item);
        if (k < 0) {
            return wanted;
        }
        bits |= UINT64_C(1) << k;
    }
    *at = bits;
    return NULL;
}

static const char *set_field(const Field *f, QuiverConfig *c, const cJSON *v)
{
    void *at = (char *)c + f->offset;
    switch (f->kind) {
    case FIELD_BOOL:
        if (!cJSON_IsBool(v)) {
            return "true or false";
        }
        *(bool *)at = cJSON_IsTrue(v);
        return NULL;
    case FIELD_STR:
        if (!cJSON_IsString(v)) {
            return "a string";
        }
        *(const char **)at = keep_str(&c->json_block, v->valuestring);
        return *(const char **)at ? NULL : no_memory;
    case FIELD_STRS: return set_strings(f, c, v);
    case FIELD_BITS: return set_bits(f, at, v);
    case FIELD_WORD: {
        int k = word_index(f, v);
        if (k < 0) {
            return "one of its names";
        }
        *(unsigned *)at = (unsigned)k;
        return NULL;
    }
    default: return set_number(f, at, v);
    }
}

static int say(char *error, size_t room, const char *what, const char *key, const char *wanted)
{
    if (error && room) {
        snprintf(error, room, "%s%s%s%s%s", what, key ? ": " : "", key ? key : "",
                 wanted ? " must be " : "", wanted ? wanted : "");
    }
    return -1;
}

int quiver_config_from_cjson(QuiverConfig *config, const struct cJSON *tree, char *error,
                             size_t room)
{
    if (error && room) {
        *error = 0;
    }
    if (!config || config->struct_size != sizeof *config) {
        return say(error, room, "config is not initialised", NULL, NULL);
    }
    if (!cJSON_IsObject(tree)) {
        return say(error, room, "config is no JSON object", NULL, NULL);
    }
    QuiverConfig made = *config;
    made.json_block = NULL;
    const cJSON *item;
    cJSON_ArrayForEach(item, tree)
    {
        const Field *f = NULL;
        for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
            if (item->string && strcmp(fields[i].key, item->string) == 0) {
                f = &fields[i];
            }
        }
        const char *wanted = !f || cJSON_IsNull(item) ? NULL : set_field(f, &made, item);
        if (!f || wanted) {
            drop_all(made.json_block);
            return wanted == no_memory ? say(error, room, "no memory", NULL, NULL)
                                       : say(error, room, f ? "bad value" : "unknown key",
                                             item->string ? item->string : "", wanted);
        }
    }
    // What an earlier call has copied may still be in use.
    void **end = &made.json_block;
    while (*end) {
        end = (void **)&((Kept *)*end)->next;
    }
    *end = config->json_block;
    *config = made;
    return 0;
}

void quiver_config_fini(QuiverConfig *config)
{
    if (!config || config->struct_size != sizeof *config) {
        return;
    }
    drop_all(config->json_block);
    config->json_block = NULL;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const Field *f = &fields[i];
        if (f->kind == FIELD_STR || f->kind == FIELD_STRS) {
            *(void **)((char *)config + f->offset) = NULL;
        }
        if (f->kind == FIELD_STRS) {
            *(int *)((char *)config + f->count) = 0;
        }
    }
}
