# Long subjects and many iterations: the backtrack stack is on the heap, nothing recurses.
import re

n = 100000
print(len(re.match("(?:a|b)*", "ab" * n).group()), re.match("(a|b)*", "ab" * n).span(1), re.match("(?:a|b)*?c", "ab" * n + "c").end())
print(re.match("(?:ab)*a", "ab" * n), len(re.match("(?:(a)|(b))*", "ab" * n).group()), re.match("(?:a?)*?b", "a" * 1000 + "b").end())
print(re.match(".*", "a" * n).end(), re.match(".*x", "a" * n), re.match(".*?x", "a" * n), re.search("x", "a" * n), re.match("(?:.)*x", "a" * n))
print(re.match("(?:a(?=a|b))*b", "a" * n + "b").end(), re.match("(?>(?:a|b)*)c", "ab" * n), re.match("(?:a|b)*+c", "ab" * n + "c").end())
print(re.match("(?:(?:a|ab)(?:c|bcd)(?:d*))+", "abcd" * 20).end(), re.match("(a+)+b", "a" * 18), re.match("(a|aa)+$", "a" * 20 + "b"))
words = "|".join("w%dx" % i for i in range(500))
p = re.compile(words)
print(p.findall("w1x w499x w500x w42x"), p.fullmatch("w77x"), p.search("w77"))
print(len(re.findall(r"\b\w+\b", "the quick brown fox " * 2000)), len(re.split(r"\s+", "a b  c\t" * 2000)), re.subn("o", "0", "foo" * 3000)[1])
nested = "(?:" * 200 + "a" + ")*" * 200
print(re.match(nested, "aaa").end(), re.match("(" * 90 + "a" + ")" * 90, "a").group(90), re.compile("(a)" * 300).match("a" * 300).group(300))
