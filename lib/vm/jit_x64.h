// SPDX-License-Identifier: MIT
// An assembler for x86-64: bytes into a buffer. Private to vm/jit_*.c.
//
// Sources: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2 (encodings).
#ifndef QV_VM_JIT_X64_H
#define QV_VM_JIT_X64_H

#include <string.h>

#include "base/config.h"

typedef enum QvReg {
    RAX,
    RCX,
    RDX,
    RBX,
    RSP,
    RBP,
    RSI,
    RDI,
    R8,
    R9,
    R10,
    R11,
    R12,
    R13,
    R14,
    R15,
} QvReg;

typedef enum QvXmm { XMM0, XMM1, XMM2, XMM3 } QvXmm;

// Condition codes of jcc and setcc.
typedef enum QvCc {
    CC_O = 0,
    CC_NO,
    CC_B,
    CC_AE,
    CC_E,
    CC_NE,
    CC_BE,
    CC_A,
    CC_S,
    CC_NS,
    CC_P,
    CC_NP,
    CC_L,
    CC_GE,
    CC_LE,
    CC_G,
} QvCc;

// Where code is put before its size is known. `failed`: there was no room; what follows is lost.
typedef struct QvAsm {
    uint8_t *bytes;
    uint32_t len, cap;
    bool failed;
} QvAsm;

// [base + disp]
typedef struct QvMem {
    QvReg base;
    int32_t disp;
} QvMem;

static inline QvMem x64_mem(QvReg base, size_t disp) { return (QvMem){base, (int32_t)disp}; }

static inline void x64_byte(QvAsm *a, unsigned byte)
{
    if (QV_UNLIKELY(a->len == a->cap)) {
        a->failed = true;
        return;
    }
    a->bytes[a->len++] = (uint8_t)byte;
}

static inline void x64_u32(QvAsm *a, uint32_t v)
{
    for (int k = 0; k < 4; k++) {
        x64_byte(a, v >> 8 * k & 0xFF);
    }
}

static inline void x64_u64(QvAsm *a, uint64_t v)
{
    x64_u32(a, (uint32_t)v);
    x64_u32(a, (uint32_t)(v >> 32));
}

// ModR/M (and SIB, displacement) of a memory operand.
static inline void x64_modrm(QvAsm *a, unsigned reg, QvMem m)
{
    unsigned base = m.base & 7;
    bool none = m.disp == 0 && base != RBP, small = m.disp >= -128 && m.disp <= 127;
    unsigned mod = none ? 0u : small ? 0x40u : 0x80u;
    x64_byte(a, mod | (reg & 7) << 3 | base);
    if (base == RSP) {
        x64_byte(a, 0x24);
    }
    if (!none) {
        if (small) {
            x64_byte(a, (uint8_t)m.disp);
        } else {
            x64_u32(a, (uint32_t)m.disp);
        }
    }
}

// prefix: 0 or 0x66, 0xF2, 0xF3. wide: 64 bits. opcode: one byte, or 0x0Fxx.
static inline void x64_op_mem(QvAsm *a, unsigned prefix, bool wide, unsigned opcode, unsigned reg,
                              QvMem m)
{
    if (prefix) {
        x64_byte(a, prefix);
    }
    unsigned rex = (wide ? 8u : 0u) | (reg & 8 ? 4u : 0u) | (m.base & 8 ? 1u : 0u);
    if (rex) {
        x64_byte(a, 0x40 | rex);
    }
    if (opcode > 0xFF) {
        x64_byte(a, opcode >> 8);
    }
    x64_byte(a, opcode & 0xFF);
    x64_modrm(a, reg, m);
}

// The same with the operand rm in a register.
static inline void x64_op_reg(QvAsm *a, unsigned prefix, bool wide, unsigned opcode, unsigned reg,
                              unsigned rm)
{
    if (prefix) {
        x64_byte(a, prefix);
    }
    unsigned rex = (wide ? 8u : 0u) | (reg & 8 ? 4u : 0u) | (rm & 8 ? 1u : 0u);
    if (rex) {
        x64_byte(a, 0x40 | rex);
    }
    if (opcode > 0xFF) {
        x64_byte(a, opcode >> 8);
    }
    x64_byte(a, opcode & 0xFF);
    x64_byte(a, 0xC0 | (reg & 7) << 3 | (rm & 7));
}

// ---- moves --------------------------------------------------------------------------------------

static inline void x64_load(QvAsm *a, QvReg to, QvMem m) { x64_op_mem(a, 0, true, 0x8B, to, m); }
static inline void x64_load32(QvAsm *a, QvReg to, QvMem m) { x64_op_mem(a, 0, false, 0x8B, to, m); }
// Zero-extended.
static inline void x64_load16(QvAsm *a, QvReg to, QvMem m)
{
    x64_op_mem(a, 0, false, 0x0FB7, to, m);
}
static inline void x64_store(QvAsm *a, QvMem m, QvReg v) { x64_op_mem(a, 0, true, 0x89, v, m); }
static inline void x64_store32(QvAsm *a, QvMem m, QvReg v) { x64_op_mem(a, 0, false, 0x89, v, m); }
// Sign-extended.
static inline void x64_store_imm(QvAsm *a, QvMem m, int32_t v)
{
    x64_op_mem(a, 0, true, 0xC7, 0, m);
    x64_u32(a, (uint32_t)v);
}
static inline void x64_store32_imm(QvAsm *a, QvMem m, uint32_t v)
{
    x64_op_mem(a, 0, false, 0xC7, 0, m);
    x64_u32(a, v);
}
static inline void x64_store16_imm(QvAsm *a, QvMem m, uint16_t v)
{
    x64_op_mem(a, 0x66, false, 0xC7, 0, m);
    x64_byte(a, v & 0xFF);
    x64_byte(a, v >> 8);
}
static inline void x64_store8_imm(QvAsm *a, QvMem m, uint8_t v)
{
    x64_op_mem(a, 0, false, 0xC6, 0, m);
    x64_byte(a, v);
}
static inline void x64_move(QvAsm *a, QvReg to, QvReg from)
{
    x64_op_reg(a, 0, true, 0x89, from, to);
}
static inline void x64_move_imm(QvAsm *a, QvReg to, uint64_t v)
{
    if (v <= UINT32_MAX) { // the upper half becomes zero
        if (to & 8) {
            x64_byte(a, 0x41);
        }
        x64_byte(a, 0xB8 | (to & 7));
        x64_u32(a, (uint32_t)v);
    } else if ((int64_t)v == (int32_t)v) {
        x64_op_reg(a, 0, true, 0xC7, 0, to);
        x64_u32(a, (uint32_t)v);
    } else {
        x64_byte(a, to & 8 ? 0x49 : 0x48);
        x64_byte(a, 0xB8 | (to & 7));
        x64_u64(a, v);
    }
}
static inline void x64_move_ptr(QvAsm *a, QvReg to, const void *p)
{
    x64_move_imm(a, to, (uintptr_t)p);
}
static inline void x64_zero(QvAsm *a, QvReg r) { x64_op_reg(a, 0, false, 0x31, r, r); }
static inline void x64_lea(QvAsm *a, QvReg to, QvMem m) { x64_op_mem(a, 0, true, 0x8D, to, m); }

// [base + index * 8 + disp], |disp| < 128; index is not RSP.
static inline void x64_indexed(QvAsm *a, unsigned prefix, bool wide, unsigned opcode, unsigned reg,
                               QvReg base, QvReg index, unsigned scale, int disp)
{
    if (prefix) {
        x64_byte(a, prefix);
    }
    unsigned rex = (wide ? 8u : 0u) | (reg & 8 ? 4u : 0u) | (index & 8 ? 2u : 0u) |
                   (base & 8 ? 1u : 0u);
    if (rex) {
        x64_byte(a, 0x40 | rex);
    }
    if (opcode > 0xFF) {
        x64_byte(a, opcode >> 8);
    }
    x64_byte(a, opcode & 0xFF);
    x64_byte(a, 0x44 | (reg & 7) << 3);
    x64_byte(a, scale << 6 | (index & 7) << 3 | (base & 7));
    x64_byte(a, (uint8_t)disp);
}

// ---- arithmetic ---------------------------------------------------------------------------------

// op: 0 add, 1 or, 4 and, 5 sub, 6 xor, 7 cmp
typedef enum QvAlu { ALU_ADD, ALU_OR, ALU_AND = 4, ALU_SUB, ALU_XOR, ALU_CMP } QvAlu;

static inline void x64_alu(QvAsm *a, QvAlu op, QvReg to, QvReg v)
{
    x64_op_reg(a, 0, true, (unsigned)op << 3 | 1, v, to);
}
static inline void x64_alu32(QvAsm *a, QvAlu op, QvReg to, QvReg v)
{
    x64_op_reg(a, 0, false, (unsigned)op << 3 | 1, v, to);
}
static inline void x64_alu_mem(QvAsm *a, QvAlu op, QvReg to, QvMem m)
{
    x64_op_mem(a, 0, true, (unsigned)op << 3 | 3, to, m);
}
static inline void x64_alu_imm_sized(QvAsm *a, bool wide, QvAlu op, QvReg to, int32_t v)
{
    if (v >= -128 && v <= 127) {
        x64_op_reg(a, 0, wide, 0x83, op, to);
        x64_byte(a, (uint8_t)v);
    } else {
        x64_op_reg(a, 0, wide, 0x81, op, to);
        x64_u32(a, (uint32_t)v);
    }
}
static inline void x64_alu_imm(QvAsm *a, QvAlu op, QvReg to, int32_t v)
{
    x64_alu_imm_sized(a, true, op, to, v);
}
static inline void x64_alu32_imm(QvAsm *a, QvAlu op, QvReg to, int32_t v)
{
    x64_alu_imm_sized(a, false, op, to, v);
}
static inline void x64_alu_mem_imm_sized(QvAsm *a, bool wide, QvAlu op, QvMem m, int32_t v)
{
    if (v >= -128 && v <= 127) {
        x64_op_mem(a, 0, wide, 0x83, op, m);
        x64_byte(a, (uint8_t)v);
    } else {
        x64_op_mem(a, 0, wide, 0x81, op, m);
        x64_u32(a, (uint32_t)v);
    }
}
// op qword [m], v (sign-extended)
static inline void x64_alu_mem_imm(QvAsm *a, QvAlu op, QvMem m, int32_t v)
{
    x64_alu_mem_imm_sized(a, true, op, m, v);
}
static inline void x64_alu32_mem_imm(QvAsm *a, QvAlu op, QvMem m, int32_t v)
{
    x64_alu_mem_imm_sized(a, false, op, m, v);
}
// op qword [m], v
static inline void x64_alu_to_mem(QvAsm *a, QvAlu op, QvMem m, QvReg v)
{
    x64_op_mem(a, 0, true, (unsigned)op << 3 | 1, v, m);
}
static inline void x64_cmp8_mem_imm(QvAsm *a, QvMem m, uint8_t v)
{
    x64_op_mem(a, 0, false, 0x80, 7, m);
    x64_byte(a, v);
}
static inline void x64_test(QvAsm *a, QvReg r) { x64_op_reg(a, 0, true, 0x85, r, r); }
static inline void x64_test32(QvAsm *a, QvReg r) { x64_op_reg(a, 0, false, 0x85, r, r); }
static inline void x64_imul(QvAsm *a, QvReg to, QvReg v) { x64_op_reg(a, 0, true, 0x0FAF, to, v); }
static inline void x64_imul_imm(QvAsm *a, QvReg to, QvReg v, int32_t by)
{
    x64_op_reg(a, 0, true, 0x69, to, v);
    x64_u32(a, (uint32_t)by);
}
// kind: 4 shl, 5 shr, 7 sar
static inline void x64_shift_imm(QvAsm *a, unsigned kind, QvReg r, unsigned by)
{
    x64_op_reg(a, 0, true, 0xC1, kind, r);
    x64_byte(a, by);
}
static inline void x64_shift_cl(QvAsm *a, unsigned kind, QvReg r)
{
    x64_op_reg(a, 0, true, 0xD3, kind, r);
}
static inline void x64_neg(QvAsm *a, QvReg r) { x64_op_reg(a, 0, true, 0xF7, 3, r); }
// rdx:rax / r: quotient rax, remainder rdx
static inline void x64_cqo(QvAsm *a)
{
    x64_byte(a, 0x48);
    x64_byte(a, 0x99);
}
static inline void x64_idiv(QvAsm *a, QvReg r) { x64_op_reg(a, 0, true, 0xF7, 7, r); }
static inline void x64_movsxd(QvAsm *a, QvReg to, QvReg from)
{
    x64_op_reg(a, 0, true, 0x63, to, from);
}

// ---- doubles ------------------------------------------------------------------------------------

typedef enum QvSse { SSE_ADD = 0x0F58, SSE_MUL = 0x0F59, SSE_SUB = 0x0F5C, SSE_DIV = 0x0F5E } QvSse;

static inline void x64_load_sd(QvAsm *a, QvXmm to, QvMem m)
{
    x64_op_mem(a, 0xF2, false, 0x0F10, to, m);
}
static inline void x64_store_sd(QvAsm *a, QvMem m, QvXmm v)
{
    x64_op_mem(a, 0xF2, false, 0x0F11, v, m);
}
static inline void x64_ucomisd(QvAsm *a, QvXmm x, QvXmm y)
{
    x64_op_reg(a, 0x66, false, 0x0F2E, x, y);
}
static inline void x64_zero_sd(QvAsm *a, QvXmm x) { x64_op_reg(a, 0, false, 0x0F57, x, x); }

// ---- control ------------------------------------------------------------------------------------

static inline void x64_push(QvAsm *a, QvReg r)
{
    if (r & 8) {
        x64_byte(a, 0x41);
    }
    x64_byte(a, 0x50 | (r & 7));
}
static inline void x64_pop(QvAsm *a, QvReg r)
{
    if (r & 8) {
        x64_byte(a, 0x41);
    }
    x64_byte(a, 0x58 | (r & 7));
}
static inline void x64_ret(QvAsm *a) { x64_byte(a, 0xC3); }
static inline void x64_call_reg(QvAsm *a, QvReg r) { x64_op_reg(a, 0, false, 0xFF, 2, r); }
static inline void x64_jump_reg(QvAsm *a, QvReg r) { x64_op_reg(a, 0, false, 0xFF, 4, r); }
static inline void x64_call_c(QvAsm *a, const void *fn)
{
    x64_move_ptr(a, RAX, fn);
    x64_call_reg(a, RAX);
}

// A jump whose end is not known yet: where its displacement stands, for x64_land.
static inline uint32_t x64_jcc(QvAsm *a, QvCc cc)
{
    x64_byte(a, 0x0F);
    x64_byte(a, 0x80 | cc);
    x64_u32(a, 0);
    return a->len - 4;
}
static inline uint32_t x64_jmp(QvAsm *a)
{
    x64_byte(a, 0xE9);
    x64_u32(a, 0);
    return a->len - 4;
}
// A short jump forward, for x64_land8.
static inline uint32_t x64_jcc8(QvAsm *a, QvCc cc)
{
    x64_byte(a, 0x70 | cc);
    x64_byte(a, 0);
    return a->len - 1;
}
static inline uint32_t x64_jmp8(QvAsm *a)
{
    x64_byte(a, 0xEB);
    x64_byte(a, 0);
    return a->len - 1;
}
static inline void x64_land8(QvAsm *a, uint32_t from)
{
    uint32_t by = a->len - (from + 1);
    if (by > 127) {
        a->failed = true;
    } else if (!a->failed) {
        a->bytes[from] = (uint8_t)by;
    }
}
// The jump whose displacement stands at `from` goes to `to`.
static inline void x64_link(QvAsm *a, uint32_t from, uint32_t to)
{
    if (!a->failed) {
        uint32_t by = to - (from + 4);
        memcpy(a->bytes + from, &by, 4);
    }
}
static inline void x64_land(QvAsm *a, uint32_t from) { x64_link(a, from, a->len); }
static inline void x64_jmp_to(QvAsm *a, uint32_t to) { x64_link(a, x64_jmp(a), to); }
static inline void x64_jcc_to(QvAsm *a, QvCc cc, uint32_t to) { x64_link(a, x64_jcc(a, cc), to); }

#endif
