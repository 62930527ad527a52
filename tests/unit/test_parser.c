// SPDX-License-Identifier: MIT
// Unit tests of compile/parser.h: trees and error messages are compared with what CPython 3.11 gave
// (data/*_syntax.txt, recorded by data/record_syntax.py).
#include "compile/parser.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "interpreters/instance.h"
#include "object/protocol.h"
#include "object/str.h"

static QvInstance *instance;
static QvInterp *qi;

static void setup(void)
{
    ck_assert_int_eq(qv_process_start(), 0);
    instance = qv_instance_new(NULL);
    ck_assert_ptr_nonnull(instance);
    ck_assert_int_eq(qv_attach(instance), 0);
    qi = &instance->qi;
}

static void teardown(void)
{
    ck_assert(!qv_err_occurred(qi));
    qv_detach(instance);
    ck_assert_int_eq(qv_instance_free(instance), 0);
}

static QvObj *text(const char *s)
{
    QvObj *o = qv_str_new_cstr(qi, s);
    ck_assert_ptr_nonnull(o);
    return o;
}

// Checks the text of a str and drops it.
static void expect_text_take(QvObj *s, const char *expected)
{
    ck_assert_ptr_nonnull(s);
    QvUtf8 u;
    ck_assert_int_eq(qv_str_utf8(qi, s, &u), 0);
    ck_assert_str_eq(u.s, expected);
    qv_utf8_release(qi, &u);
    qv_decref(qi, s);
}

// The pending exception is exactly of this type and says this; it is cleared.
static void expect_error(const QvType *type, const char *message)
{
    QvObj *exc = qv_err_fetch(qi);
    ck_assert_ptr_nonnull(exc);
    ck_assert_str_eq(qv_type_of(exc)->name, type->name);
    expect_text_take(qv_str(qi, exc), message);
    qv_decref(qi, exc);
}

// --- the data files ------------------------------------------------------------------------------

#define MAX_FIELDS 9

typedef struct Case {
    char *fields[MAX_FIELDS]; // unescaped in place
    size_t lens[MAX_FIELDS];
    int nfields;
} Case;

static char *read_data(const char *name)
{
    const char *root = getenv("QV_SOURCE_ROOT");
    char path[1000];
    snprintf(path, sizeof path, "%s/tests/unit/data/%s", root ? root : ".", name);
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "cannot open %s", path);
    QvBuf buf;
    qv_buf_init(&buf);
    char chunk[4096];
    size_t n;
    while ((n = fread(chunk, 1, sizeof chunk, file)) > 0) {
        qv_buf_append(&buf, chunk, n);
    }
    qv_buf_append(&buf, "", 1);
    fclose(file);
    ck_assert(!buf.oom);
    return buf.data;
}

static int hex(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

static size_t unescape(char *s)
{
    char *out = s;
    char *start = s;
    while (*s) {
        if (*s != '\\') {
            *out++ = *s++;
        } else if (s[1] == 'x') {
            *out++ = (char)(hex(s[2]) * 16 + hex(s[3]));
            s += 4;
        } else {
            *out++ = s[1] == 'n' ? '\n' : s[1] == 't' ? '\t' : s[1];
            s += 2;
        }
    }
    *out = '\0';
    return (size_t)(out - start);
}

// Cuts the next line off *data. False at the end.
static bool next_case(char **data, Case *c)
{
    char *line = *data;
    if (!*line) {
        return false;
    }
    char *end = strchr(line, '\n');
    ck_assert_ptr_nonnull(end);
    *end = '\0';
    *data = end + 1;
    c->nfields = 0;
    while (line) {
        char *tab = strchr(line, '\t');
        if (tab) {
            *tab++ = '\0';
        }
        ck_assert_int_lt(c->nfields, MAX_FIELDS);
        c->fields[c->nfields] = line;
        c->lens[c->nfields++] = unescape(line);
        line = tab;
    }
    return true;
}

static QvMod *parse_case(const Case *c, QvArena *arena, QvObj *filename, QvParseInfo *info)
{
    const char *mode = c->fields[0];
    QvParseMode parse_mode = mode[0] == 's'   ? QV_PARSE_SINGLE
                             : mode[1] == 'v' ? QV_PARSE_EVAL
                                              : QV_PARSE_EXEC;
    unsigned flags = 0;
    if (mode[strlen(mode) - 1] == '+') {
        flags = QV_PARSE_ALLOW_INCOMPLETE | QV_PARSE_DONT_IMPLY_DEDENT;
    } else if (mode[strlen(mode) - 1] == 'u') {
        flags = QV_PARSE_IGNORE_COOKIE;
    }
    return qv_parse_with_info(qi, arena, c->fields[1], (QvSsize)c->lens[1], filename, parse_mode,
                              flags, info);
}

// --- trees ---------------------------------------------------------------------------------------

static int append(void *ctx, const char *s, QvSsize n)
{
    qv_buf_append(ctx, s, (size_t)n);
    return 0;
}

START_TEST(test_trees)
{
    char *data = read_data("good_syntax.txt");
    char *rest = data;
    QvObj *filename = text("<test>");
    Case c;
    int count = 0;
    while (next_case(&rest, &c)) {
        QvArena arena;
        qv_arena_init(&arena, qi);
        QvMod *mod = parse_case(&c, &arena, filename, NULL);
        ck_assert_msg(mod != NULL, "not parsed: %s", c.fields[1]);
        QvBuf dump;
        qv_buf_init(&dump);
        ck_assert_int_eq(qv_ast_dump(qi, mod, true, -1, append, &dump), 0);
        qv_buf_append(&dump, "", 1);
        ck_assert_msg(strcmp(dump.data, c.fields[2]) == 0, "%s\nexpected %s\ngot      %s",
                      c.fields[1], c.fields[2], dump.data);
        qv_buf_fini(&dump);
        qv_arena_fini(&arena);
        count++;
    }
    ck_assert_int_gt(count, 200);
    qv_decref(qi, filename);
    free(data);
}
END_TEST

// --- errors --------------------------------------------------------------------------------------

static void add_attribute(QvBuf *out, QvObj *exc, const char *name)
{
    QvObj *value = qv_getattr_cstr(qi, exc, name);
    ck_assert_ptr_nonnull(value);
    QvObj *s = qv_str(qi, value);
    QvUtf8 u;
    ck_assert_int_eq(qv_str_utf8(qi, s, &u), 0);
    qv_buf_append(out, "\t", 1);
    qv_buf_append(out, u.s, (size_t)u.n);
    qv_utf8_release(qi, &u);
    qv_decref(qi, s);
    qv_decref(qi, value);
}

// What the pending exception says, in the form of the data file; cleared.
static void describe_error(QvBuf *out)
{
    static const char *const names[] = {"lineno",     "offset", "end_lineno",
                                        "end_offset", "msg",    "text"};
    QvObj *exc = qv_err_fetch(qi);
    ck_assert_ptr_nonnull(exc);
    const char *type = qv_type_of(exc)->name;
    qv_buf_append(out, type, strlen(type));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        add_attribute(out, exc, names[i]);
    }
    qv_decref(qi, exc);
}

START_TEST(test_errors)
{
    char *data = read_data("bad_syntax.txt");
    char *rest = data;
    QvObj *filename = text("<test>");
    Case c;
    int count = 0;
    int bad = 0;
    while (next_case(&rest, &c)) {
        QvArena arena;
        qv_arena_init(&arena, qi);
        QvParseInfo info;
        QvMod *mod = parse_case(&c, &arena, filename, &info);
        QvBuf got;
        QvBuf expected;
        qv_buf_init(&got);
        qv_buf_init(&expected);
        if (mod) {
            qv_buf_append(&got, "OK", 2);
            ck_assert(!qv_err_occurred(qi));
        } else {
            describe_error(&got);
        }
        for (int i = 2; i < c.nfields; i++) {
            qv_buf_append(&expected, "\t", i > 2);
            qv_buf_append(&expected, c.fields[i], c.lens[i]);
        }
        qv_buf_append(&got, "", 1);
        qv_buf_append(&expected, "", 1);
        if (strcmp(got.data, expected.data) != 0) {
            fprintf(stderr, "%s: %s\nexpected: %s\ngot:      %s\n", c.fields[0], c.fields[1],
                    expected.data, got.data);
            bad++;
        }
        ck_assert_int_eq(info.incomplete, strstr(got.data, "\tincomplete input\t") != NULL);
        qv_buf_fini(&got);
        qv_buf_fini(&expected);
        qv_arena_fini(&arena);
        count++;
    }
    ck_assert_int_eq(bad, 0);
    ck_assert_int_gt(count, 1000);
    qv_decref(qi, filename);
    free(data);
}
END_TEST

// --- limits --------------------------------------------------------------------------------------

static QvMod *parse_repeated(QvArena *arena, const char *prefix, int n, const char *suffix)
{
    QvBuf buf;
    qv_buf_init(&buf);
    for (int i = 0; i < n; i++) {
        qv_buf_append(&buf, prefix, strlen(prefix));
    }
    qv_buf_append(&buf, suffix, strlen(suffix));
    QvObj *filename = text("<test>");
    QvMod *mod = qv_parse(qi, arena, buf.data, (QvSsize)buf.len, filename, QV_PARSE_EXEC, 0);
    qv_decref(qi, filename);
    qv_buf_fini(&buf);
    return mod;
}

START_TEST(test_depth)
{
    static const char *const nesting[] = {"-", "not ", "1**", "lambda: ", "1 if 1 else ", "~+"};
    QvArena arena;
    qv_arena_init(&arena, qi);
    for (size_t i = 0; i < sizeof nesting / sizeof nesting[0]; i++) {
        ck_assert_ptr_nonnull(parse_repeated(&arena, nesting[i], 500, "1"));
        ck_assert_ptr_null(parse_repeated(&arena, nesting[i], 100000, "1"));
        expect_error(&qv_exc_RecursionError, "maximum recursion depth exceeded during compilation");
        ck_assert_ptr_null(parse_repeated(&arena, nesting[i], 500, "1 1"));
        qv_err_clear(qi);
    }
    ck_assert_ptr_null(parse_repeated(&arena, "(", 300, ""));
    qv_err_clear(qi);
    // Long is not deep.
    ck_assert_ptr_nonnull(parse_repeated(&arena, "a + ", 50000, "a"));
    ck_assert_ptr_nonnull(parse_repeated(&arena, "a and ", 50000, "a"));
    ck_assert_ptr_nonnull(parse_repeated(&arena, "a = ", 50000, "1"));
    ck_assert_ptr_nonnull(parse_repeated(&arena, "x = 1\n", 50000, ""));
    qv_arena_fini(&arena);
}
END_TEST

START_TEST(test_source)
{
    QvArena arena;
    qv_arena_init(&arena, qi);
    QvObj *filename = text("f.py");
    ck_assert_ptr_null(qv_parse(qi, &arena, "a\0b", 3, filename, QV_PARSE_EXEC, 0));
    expect_error(&qv_exc_ValueError, "source code string cannot contain null bytes");
    static const char latin1[] = "# -*- coding: latin-1 -*-\r\nx = '\xe9'\r";
    QvMod *mod = qv_parse(qi, &arena, latin1, sizeof latin1 - 1, filename, QV_PARSE_EXEC, 0);
    ck_assert_ptr_nonnull(mod);
    expect_text_take(qv_repr(qi, mod->body.items[0]->u.assign.value->u.constant.value),
                     "'\xc3\xa9'");
    static const char unknown[] = "# coding: nonesuch\n";
    ck_assert_ptr_null(
        qv_parse(qi, &arena, unknown, sizeof unknown - 1, filename, QV_PARSE_EXEC, 0));
    qv_err_clear(qi);
    static const char binary[] = "x = 1\n# \xff\n";
    ck_assert_ptr_nonnull(
        qv_parse(qi, &arena, binary, sizeof binary - 1, filename, QV_PARSE_EXEC, 0));
    ck_assert_ptr_null(qv_parse(qi, &arena, binary, sizeof binary - 1, filename, QV_PARSE_EXEC,
                                QV_PARSE_FROM_FILE));
    expect_error(
        &qv_exc_SyntaxError,
        "Non-UTF-8 code starting with '\\xff' in file f.py on line 2, but no encoding declared; "
        "see https://peps.python.org/pep-0263/ for details");
    qv_decref(qi, filename);
    qv_arena_fini(&arena);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("compile/parser");
    TCase *tests = tcase_create("parser");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, test_trees);
    tcase_add_test(tests, test_errors);
    tcase_add_test(tests, test_depth);
    tcase_add_test(tests, test_source);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
