// SPDX-License-Identifier: MIT
// Configurations from JSON, version and features, statistics and the census.
// libs: -lcjson
#include <cjson/cJSON.h>

#include "_check.h"

static int from(QuiverConfig *config, const char *json, char *error)
{
    cJSON *tree = cJSON_Parse(json);
    CHECK(tree);
    int status = quiver_config_from_cjson(config, tree, error, 100);
    cJSON_Delete(tree); // nothing of it is needed any more
    return status;
}

static void configs(void)
{
    static const struct {
        const char *json, *error;
    } bad[] = {
        {"{\"memory\": 1}", "unknown key: memory"},
        {"{\"user\": 1}", "unknown key: user"},
        {"{\"memory_limit\": -1}", "bad value: memory_limit must be an integer of 0 to 2**53"},
        {"{\"memory_limit\": 1.5}", "bad value: memory_limit must be an integer of 0 to 2**53"},
        {"{\"isolated\": 1}", "bad value: isolated must be true or false"},
        {"{\"argv\": [\"a\", 1]}", "bad value: argv must be a list of strings"},
        {"{\"executable\": []}", "bad value: executable must be a string"},
        {"{\"optimize\": 3e9}", "bad value: optimize must be an integer of 32 bits"},
        {"{\"recursion_limit\": \"x\"}",
         "bad value: recursion_limit must be an integer of 0 to 4294967295"},
        {"[]", "config is no JSON object"},
    };
    QuiverConfig config;
    char error[100];
    quiver_config_init(&config);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK(from(&config, bad[i].json, error) == -1);
        CHECK_TEXT(error, bad[i].error);
        CHECK(!config.argv && !config.argc && !config.json_block);
    }
    CHECK(quiver_config_from_cjson(NULL, NULL, NULL, 0) == -1);
    CHECK(quiver_config_from_cjson(&config, NULL, NULL, 0) == -1);
    CHECK(
        from(&config,
             "{\"argv\": [\"prog\", \"x\"], \"path\": [\"/a\"], \"memory_limit\": 33554432,"
             " \"recursion_limit\": 77, \"optimize\": 1, \"isolated\": true, \"executable\": null,"
             " \"xoptions\": [\"k=v\"]}",
             error) == 0);
    CHECK_TEXT(error, "");
    CHECK(from(&config, "{\"executable\": \"/bin/me\"}", error) == 0); // adds to it
    Quiver *q = quiver_new(&config);
    quiver_config_fini(&config);
    quiver_config_fini(&config);
    quiver_config_fini(NULL);
    CHECK(!config.argv && config.argc == 0);
    run(q, "import sys\nassert sys.argv == ['prog', 'x'] and sys.path[0] == '/a'\n"
           "assert sys.getrecursionlimit() == 77 and sys.flags.optimize == 1\n"
           "assert sys.flags.isolated and sys.executable == '/bin/me'\n"
           "assert sys._xoptions == {'k': 'v'}\n");
    QuiverStats stats;
    quiver_stats(q, &stats);
    CHECK(stats.memory_limit == 33554432 && stats.containers > 10 && stats.threads == 0);
    CHECK(stats.slab_bytes > 0 && stats.live_bytes > 0);
    CHECK(quiver_free(q) == 0);
}

static void features(void)
{
    CHECK(quiver_version_number() == 100 && strcmp(quiver_version(), "0.1.0") == 0);
    CHECK(quiver_feature("threads") && quiver_feature("sockets") && quiver_feature("module:math"));
    CHECK(!quiver_feature("module:_ssl") && !quiver_feature("nonsense") && !quiver_feature(NULL));
}

static void census(void)
{
    Quiver *q = fresh();
    QuiverStats stats;
    run(q, "import gc\na = []\na.append(a)\ndel a\ngc.collect()\ngc.collect()\n");
    quiver_stats(q, &stats);
    CHECK(stats.collections >= 2 && stats.longest_pause_ns > 0);
    CHECK(stats.collector_ns > stats.longest_pause_ns);
    run(q, "class Point: pass\npoints = [Point() for _ in range(1000)]\n"
           "texts = [str(i) * 10 for i in range(500)]\nbig = bytes(100000)\n");
    cJSON *tree = quiver_census(q), *types = cJSON_GetObjectItem(tree, "types");
    CHECK(cJSON_GetObjectItem(cJSON_GetObjectItem(types, "Point"), "objects")->valueint == 1000);
    CHECK(cJSON_GetObjectItem(cJSON_GetObjectItem(types, "str"), "objects")->valueint >= 500);
    CHECK(cJSON_GetObjectItem(cJSON_GetObjectItem(types, "bytes"), "bytes")->valueint > 100000);
    double bytes = cJSON_GetObjectItem(tree, "bytes")->valuedouble;
    double live = cJSON_GetObjectItem(tree, "live_bytes")->valuedouble;
    CHECK(bytes > 100000 && bytes < live * 1.2);
    cJSON_Delete(tree);
    CHECK(!quiver_census(NULL));
    CHECK(quiver_free(q) == 0);
}

int main(void)
{
    configs();
    features();
    census();
    return 0;
}
