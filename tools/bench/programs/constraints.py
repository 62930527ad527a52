# SPDX-License-Identifier: MIT
# One-way constraints between variables, planned and replanned: small objects, virtual methods.
from time import perf_counter


class Variable:
    def __init__(self, name, value):
        self.name = name
        self.value = value
        self.users = []
        self.setter = None
        self.mark = 0


class Constraint:
    def __init__(self, strength):
        self.strength = strength

    def inputs(self):
        raise NotImplementedError

    def execute(self):
        raise NotImplementedError


class Equal(Constraint):
    def __init__(self, source, target, strength):
        super().__init__(strength)
        self.source = source
        self.target = target
        source.users.append(self)

    def inputs(self):
        return (self.source,)

    def execute(self):
        self.target.value = self.source.value


class Scaled(Constraint):
    def __init__(self, source, scale, offset, target, strength):
        super().__init__(strength)
        self.source, self.scale, self.offset, self.target = source, scale, offset, target
        for v in (source, scale, offset):
            v.users.append(self)

    def inputs(self):
        return (self.source, self.scale, self.offset)

    def execute(self):
        self.target.value = self.source.value * self.scale.value + self.offset.value


class Planner:
    def __init__(self):
        self.mark = 0

    def plan(self, origin):
        self.mark += 1
        mark = self.mark
        origin.mark = mark
        todo = [origin]
        steps = []
        while todo:
            variable = todo.pop()
            for constraint in variable.users:
                target = constraint.target
                if target.mark == mark:
                    continue
                if target.setter is None or constraint.strength <= target.setter.strength:
                    target.setter = constraint
                    target.mark = mark
                    steps.append(constraint)
                    todo.append(target)
        return steps


def chain(length, changes):
    variables = [Variable("v%d" % i, 0) for i in range(length)]
    for a, b in zip(variables, variables[1:]):
        Equal(a, b, 2)
    planner = Planner()
    total = 0
    for i in range(changes):
        variables[0].value = i
        for constraint in planner.plan(variables[0]):
            constraint.execute()
        total += variables[-1].value
    return total


def projection(count, changes):
    scale, offset = Variable("scale", 10), Variable("offset", 1000)
    targets = []
    for i in range(count):
        source, target = Variable("s%d" % i, i), Variable("t%d" % i, 0)
        Scaled(source, scale, offset, target, 3)
        targets.append(target)
    planner = Planner()
    for i in range(changes):
        scale.value = i + 1
        for constraint in planner.plan(scale):
            if all(v.value is not None for v in constraint.inputs()):
                constraint.execute()
    return sum(t.value for t in targets)


start = perf_counter()
answer = chain(300, 1000), projection(300, 800)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
