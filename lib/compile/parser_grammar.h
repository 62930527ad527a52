// SPDX-License-Identifier: MIT
// The grammar that the diagnosis of syntax errors interprets.
//
// Notation, one rule per line: `name: alternative | alternative`, tried in order as in a parsing
// expression grammar.
//   'if'  a token        $match  a soft keyword      NAME NUMBER STRING NEWLINE ...  classes
//   e?    optional       e*  e+  repetition          s.e+    e separated by s      (a | b)  group
//   &e !e lookahead      ~  no other alternative after this      &&'x'  this token or an error
//   x=e   names what e matched, for the action       #name   a matcher written in C
// A rule marked `name*:` is memoised. An alternative that is no more than a rule named invalid_...
// is tried only in the second pass, when the text is known to be wrong. These rules hold the
// patterns of common mistakes. Such an alternative ends with what to say, between braces:
//   {at a `message`}       at what `a` matched          {range a b `message`}   from a to b
//   {seen `message`}       at the last token looked at  {from a `message`}      from a to there
//   {block a `what`}       IndentationError: expected an indented block after `what` on line (of a)
//   {indent `message`}     IndentationError at the last token looked at
//   {target a KIND}        the part of a that is no target: KIND star, for or del
//   {call name}            anything else, in C
// In messages %n stands for the kind of expression that `a` is, %t for its text.
#ifndef QV_COMPILE_PARSER_GRAMMAR_H
#define QV_COMPILE_PARSER_GRAMMAR_H

extern const char qv_parser_grammar[];

#endif
