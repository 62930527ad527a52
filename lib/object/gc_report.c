// SPDX-License-Identifier: MIT
// What the collector tells: gc.callbacks, and gc.set_debug()'s lines on sys.stderr.
#include <stdio.h>

#include "object/dict.h"
#include "object/error.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"

QV_RUNS void qv_gc_tell(QvInterp *qi, const char *phase, int generation, QvSsize collected)
{
    QvObj *list = qi->gc.callbacks;
    if (!list || qv_list_len(list) == 0) {
        return;
    }
    QvObj *pending = qv_err_fetch(qi);
    if (qv_list_box(qi, list) < 0) {
        qv_err_restore(qi, pending);
        return;
    }
    QvObj *info = qv_dict_new(qi), *text = qv_str_new_cstr(qi, phase),
          *zero = qv_int_from_i64(qi, 0);
    if (info && text && zero &&
        qv_dict_set_cstr_take(qi, info, "generation", qv_int_from_i64(qi, generation)) == 0 &&
        qv_dict_set_cstr_take(qi, info, "collected", qv_int_from_i64(qi, collected)) == 0 &&
        qv_dict_set_cstr(qi, info, "uncollectable", zero) == 0) {
        qv_incref(qi, list);
        for (QvSsize k = 0; k < qv_list_len(list); k++) {
            QvObj *f = qv_new_ref(qi, qv_list_peek(list, k)), *r = qv_call2(qi, f, text, info);
            if (!r) {
                qv_err_unraisable(qi, f);
            }
            qv_xdecref(qi, r);
            qv_decref(qi, f);
        }
        qv_decref(qi, list);
    }
    qv_err_clear(qi);
    qv_xdecref(qi, info);
    qv_xdecref(qi, text);
    qv_xdecref(qi, zero);
    qv_err_restore(qi, pending);
}

QV_RUNS static void write_line(QvInterp *qi, const char *line)
{
    QvObj *pending = qv_err_fetch(qi);
    QvObj *text = qv_str_new_cstr(qi, line);
    if (text) {
        qv_err_write(qi, text);
        qv_decref(qi, text);
    }
    qv_err_clear(qi);
    qv_err_restore(qi, pending);
}

QV_RUNS void qv_gc_report_start(QvInterp *qi, int generation)
{
    size_t n[QV_GC_GENERATIONS] = {0};
    QvHeapScan scan;
    qv_heap_scan_init(&qi->heap, 2, false, &scan);
    while (qv_heap_scan_next(&scan)) {
        for (char *cell = scan.first; cell < scan.end; cell += scan.step) {
            const QvObj *o = (const QvObj *)cell;
            if (qv_heap_cell_used(cell) && o->refs > 0 && qv_gc_generation(o) >= 0) {
                n[qv_gc_generation(o)]++;
            }
        }
    }
    char line[160];
    snprintf(line, sizeof line,
             "gc: collecting generation %d...\ngc: objects in each generation: %zu %zu %zu\n",
             generation, n[0], n[1], n[2]);
    write_line(qi, line);
    QvSsize frozen = qv_gc_freeze_count(qi);
    if (frozen < 0) {
        qv_err_unraisable(qi, NULL); // a stop, which is raised again
        frozen = 0;
    }
    snprintf(line, sizeof line, "gc: objects in permanent generation: %zd\n", frozen);
    write_line(qi, line);
}

QV_RUNS void qv_gc_report_end(QvInterp *qi, QvSsize unreachable, int64_t nanoseconds)
{
    char line[120];
    snprintf(line, sizeof line, "gc: done, %zd unreachable, 0 uncollectable, %.4fs elapsed\n",
             unreachable, (double)nanoseconds / 1e9);
    write_line(qi, line);
}

QV_RUNS void qv_gc_report_collectable(QvInterp *qi, QvObj *o)
{
    char line[160];
    snprintf(line, sizeof line, "gc: collectable <%.100s %p>\n", o->type->name, (void *)o);
    write_line(qi, line);
}
