// SPDX-License-Identifier: MIT
// For unit tests of messages.
#ifndef QV_TESTS_UNIT_MESSAGES_H
#define QV_TESTS_UNIT_MESSAGES_H

#include "_python.h"

#include <stdio.h>

#include "object/pack.h"

// A message with the value of an expression.
static QvMsg *packed(const char *expression)
{
    char source[2000];
    snprintf(source, sizeof source, "r = %s", expression);
    QvObj *globals = run_text(source);
    ck_assert_ptr_nonnull(globals);
    QvObj *key = text("r");
    QvMsg *msg = qv_msg_pack(qi, qv_dict_peek_str(globals, key));
    ck_assert_ptr_nonnull(msg);
    qv_decref(qi, key);
    qv_decref(qi, globals);
    return msg;
}

#endif
