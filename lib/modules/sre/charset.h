// SPDX-License-Identifier: MIT
// One character against a set, and the three ways to fold case.
#ifndef QV_MODULES_SRE_CHARSET_H
#define QV_MODULES_SRE_CHARSET_H

#include "base/config.h"

// What decides about a character: all of them are given by code words of the pattern.
typedef enum QvSreSetKind {
    QV_SET_CATEGORY,   // word: QvSreCategory
    QV_SET_IN,         // word: where the set's code begins, as for the next three
    QV_SET_IN_IGNORE,  // the character folded (ASCII) is in it
    QV_SET_IN_UNI,     // folded by Unicode's simple mapping
    QV_SET_IN_LOC,     // folded either way by the locale
    QV_SET_LIT_IGNORE, // word: the character, as below
    QV_SET_NOT_IGNORE,
    QV_SET_LIT_UNI,
    QV_SET_NOT_UNI,
    QV_SET_LIT_LOC,
    QV_SET_NOT_LOC,
} QvSreSetKind;

typedef enum QvSreFold { QV_FOLD_NONE, QV_FOLD_ASCII, QV_FOLD_UNI, QV_FOLD_LOC } QvSreFold;

// Characters past Latin-1 fall into four classes, of which a set is known to be made: so that two
// sets can be told disjoint.
enum {
    QV_HIGH_SPACE = 1,
    QV_HIGH_DIGIT = 2,
    QV_HIGH_WORD = 4, // other than digits
    QV_HIGH_OTHER = 8,
    QV_HIGH_ALL = 15,
};
unsigned qv_sre_high_class(uint32_t c);

uint32_t qv_sre_uni_lower(uint32_t c);
uint32_t qv_sre_uni_upper(uint32_t c);
uint32_t qv_sre_lower(QvSreFold fold, uint32_t c);
bool qv_sre_category(uint32_t category, uint32_t c);
// The code of a set, to the FAILURE that ends it.
bool qv_sre_in(const uint32_t *set, uint32_t c);
// For all Latin-1 characters at once: ORs `bit` into table[c] of each c that the test is true for.
void qv_sre_set_table(const uint32_t *code, QvSreSetKind kind, uint32_t word, uint8_t bit,
                      uint8_t table[256]);
bool qv_sre_set_test(const uint32_t *code, QvSreSetKind kind, uint32_t word, uint32_t c);

#endif
