# options: -m data.pkg
# A package run with -m: the program is its __main__, this file an argument.
