// SPDX-License-Identifier: MIT
// References to many objects at once.
//
// Four at a time: small ints, one-character strings, None and the like are immortal, and a look at
// four counts together costs as much as one at one of them.
#ifndef QV_OBJECT_REFS_H
#define QV_OBJECT_REFS_H

#include "object/object.h"

// Are four objects in a row immortal?
static inline bool qv_refs_immortal4(QvObj *const *items)
{
    return (items[0]->refs & items[1]->refs & items[2]->refs & items[3]->refs) < 0;
}

// New references to n items (none NULL), put at `to`, which does not overlap them.
static inline void qv_refs_copy(QvInterp *qi, QvObj **restrict to, QvObj *const *restrict from,
                                QvSsize n)
{
    QvSsize i = 0;
    for (; n - i >= 4; i += 4) {
        QvObj *a = from[i], *b = from[i + 1], *c = from[i + 2], *d = from[i + 3];
        to[i] = a;
        to[i + 1] = b;
        to[i + 2] = c;
        to[i + 3] = d;
        if (!qv_refs_immortal4(from + i)) {
            qv_incref(qi, a);
            qv_incref(qi, b);
            qv_incref(qi, c);
            qv_incref(qi, d);
        }
    }
    for (; i < n; i++) {
        to[i] = qv_new_ref(qi, from[i]);
    }
}

#endif
