// SPDX-License-Identifier: MIT
// What function objects (object/function.c, a lower layer) ask of their code.
#include "code/code.h"
#include "object/function.h"

QvObj *qv_code_peek_name(const QvCode *code) { return code->name; }

QvObj *qv_code_peek_qualname(const QvCode *code) { return code->qualname; }

QvObj *qv_code_peek_doc(const QvCode *code) { return code->doc; }

QvSsize qv_code_free_count(const QvCode *code) { return code->nfree; }
