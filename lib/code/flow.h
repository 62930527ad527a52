// SPDX-License-Identifier: MIT
// What instructions do with registers and control, for those who follow the flow through code (the
// verifier, jumps to a line).
#ifndef QV_CODE_FLOW_H
#define QV_CODE_FLOW_H

#include "code/code.h"

enum { QV_FLOW_DEAD = 0 }; // state of a register that holds no value on some path

// The general form of a specialised opcode.
uint8_t qv_flow_general(uint8_t op);
// Number of registers in the B run of an instruction; *ret_base its first.
uint32_t qv_flow_run(uint8_t op, QvInstr w, uint32_t *ret_base);
// Number of registers written from a on.
uint32_t qv_flow_written(uint8_t op, QvInstr w);
// Target word of the jump at word `at`.
int64_t qv_flow_target(uint32_t at, QvInstr w);
// Marks the registers whose values the instruction takes as dead.
void qv_flow_consume(uint8_t *state, uint8_t op, QvInstr w);

#endif
