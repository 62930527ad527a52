// SPDX-License-Identifier: MIT
// Trees of cJSON in both directions, and what they cannot hold.
// libs: -lcjson
#include <cjson/cJSON.h>
#include <math.h>

#include "_check.h"

static void expect_json(Quiver *q, const char *expression, const char *want)
{
    QuiverValue *v = eval(q, expression);
    cJSON *tree = quiver_to_cjson(q, v);
    quiver_release(q, v);
    CHECK(tree);
    char *text = cJSON_PrintUnformatted(tree);
    CHECK_TEXT(text, want);
    cJSON_free(text);
    cJSON_Delete(tree);
}

static void expect_refused(Quiver *q, const char *expression, const char *type, const char *message)
{
    QuiverValue *v = eval(q, expression);
    CHECK(!quiver_to_cjson(q, v));
    expect_error(q, type, message);
    quiver_release(q, v);
}

static void expect_parsed(Quiver *q, const char *json, const char *want)
{
    cJSON *tree = cJSON_Parse(json);
    CHECK(tree);
    expect_repr_take(q, quiver_from_cjson(q, tree), want);
    cJSON_Delete(tree);
}

int main(void)
{
    Quiver *q = fresh();
    expect_json(q, "None", "null");
    expect_json(q, "[True, False, 0, -1, 1.5, 2**40]", "[true,false,0,-1,1.5,1099511627776]");
    expect_json(q,
                "{'a': [1, (2, 3), {}], 'b': {'c': None}, '': 'gr\\u00fc\\u00df \\U0001F98A\"\\n'}",
                "{\"a\":[1,[2,3],{}],\"b\":{\"c\":null},\"\":\"gr\xc3\xbc\xc3\x9f "
                "\xf0\x9f\xa6\x8a\\\"\\n\"}");
    expect_json(q, "type('D', (dict,), {})(x=type('L', (list,), {})([1]))", "{\"x\":[1]}");

    expect_refused(q, "[1, {2}]", "TypeError", "Object of type set is not JSON serializable");
    expect_refused(q, "{'a': b'x'}", "TypeError", "Object of type bytes is not JSON serializable");
    expect_refused(q, "{1: 2}", "TypeError", "keys must be str, not int");
    expect_refused(q, "[float('nan')]", "ValueError",
                   "Out of range float values are not JSON compliant");
    expect_refused(q, "-1e999", "ValueError", "Out of range float values are not JSON compliant");
    expect_refused(q, "10**400", "OverflowError", "int too large to convert to float");
    expect_refused(q, "['\\ud800']", "UnicodeEncodeError", NULL);
    expect_refused(q, "['a\\0b']", "ValueError", "embedded null character");
    expect_refused(q, "{'a\\0b': 1}", "ValueError", "embedded null character");
    run(q, "ring = []\nring.append({'ring': ring})\n");
    expect_refused(q, "ring", "RecursionError", NULL);
    run(q, "nest = None\nfor i in range(500): nest = [nest]\n");
    QuiverValue *nest = quiver_get(q, "nest");
    cJSON *tree = quiver_to_cjson(q, nest);
    CHECK(tree);
    QuiverValue *back = quiver_from_cjson(q, tree);
    cJSON_Delete(tree);
    CHECK(quiver_set(q, "back", back) == 0);
    expect_eval(q, "nest == back", "True");
    quiver_release(q, nest);
    quiver_release(q, back);

    expect_parsed(q, "null", "None");
    expect_parsed(q, "[true, false, 3, -4.0, 2.5, 1e300, \"\\u20ac\"]",
                  "[True, False, 3, -4, 2.5, 1e+300, '\xe2\x82\xac']");
    expect_parsed(q, "{\"a\": {\"b\": []}, \"c\": [{}]}", "{'a': {'b': []}, 'c': [{}]}");
    CHECK(!quiver_from_cjson(q, NULL));
    expect_error(q, "ValueError", "not a JSON tree");
    cJSON *odd = cJSON_CreateNumber(NAN);
    expect_repr_take(q, quiver_from_cjson(q, odd), "nan");
    cJSON_Delete(odd);
    odd = cJSON_CreateString("\xff");
    CHECK(!quiver_from_cjson(q, odd));
    expect_error(q, "UnicodeDecodeError", NULL);
    cJSON_Delete(odd);
    return quiver_free(q);
}
