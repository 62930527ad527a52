# SPDX-License-Identifier: MIT
# Text templates: string.Template, and a small template language compiled to Python source.
import html
from string import Template
from time import perf_counter

PAGE = """<h1>{{ title }}</h1>
<ul>
{% for name, price in rows %}
  <li class="{{ 'dear' if price > 50 else 'cheap' }}">{{ name }}: {{ price * 2 }}</li>
{% end %}
</ul>
{% if rows %}
<p>{{ len(rows) }} rows</p>
{% end %}
"""


def compile_template(text):
    lines = ["def render(title, rows):", "    out = []"]
    depth = 1
    while text:
        head, mark, text = text.partition("{")
        if head:
            lines.append("    " * depth + f"out.append({head!r})")
        if not mark:
            break
        if text.startswith("{"):
            code, _, text = text[1:].partition("}}")
            lines.append("    " * depth + f"out.append(escape(str({code.strip()})))")
        else:
            code, _, text = text[1:].partition("%}")
            code = code.strip()
            if code == "end":
                depth -= 1
            else:
                lines.append("    " * depth + code + ":")
                depth += 1
    lines.append("    return ''.join(out)")
    space = {"escape": html.escape}
    exec("\n".join(lines), space)
    return space["render"]


def work(n):
    total = 0
    rows = [("item <%d>" % i, i) for i in range(100)]
    plain = Template("Dear $name, you owe ${amount} for $$5 of $what.")
    for i in range(n):
        render = compile_template(PAGE)
        for _ in range(5):
            total += len(render("Title & more", rows))
        for _ in range(20):
            total += len(plain.substitute(name="Jo", amount=i, what="tea"))
    return total


start = perf_counter()
answer = work(300)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
