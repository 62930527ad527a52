# SPDX-License-Identifier: MIT
# A small operating system: tasks with states, queues and messages, all through methods.
from time import perf_counter


class Packet:
    def __init__(self, kind, value):
        self.kind = kind
        self.value = value
        self.next = None


class Task:
    def __init__(self, name, priority):
        self.name = name
        self.priority = priority
        self.head = self.tail = None
        self.waiting = False
        self.handled = 0

    def post(self, packet):
        packet.next = None
        if self.head is None:
            self.head = self.tail = packet
        else:
            self.tail.next = packet
            self.tail = packet
        self.waiting = False

    def take(self):
        packet = self.head
        if packet is not None:
            self.head = packet.next
        return packet

    def is_ready(self):
        return self.head is not None and not self.waiting

    def step(self, system):
        raise NotImplementedError


class Worker(Task):
    def step(self, system):
        packet = self.take()
        self.handled += 1
        packet.value = (packet.value * 31 + self.priority) & 0xFFFF
        if packet.value % 3 == 0:
            system.send("device", packet)
        else:
            system.send("router", packet)


class Router(Task):
    def step(self, system):
        packet = self.take()
        self.handled += 1
        system.send(system.names[packet.value % len(system.names)], packet)


class Device(Task):
    def step(self, system):
        packet = self.take()
        self.handled += 1
        packet.kind = "done" if packet.kind == "work" else "work"
        system.send("router", packet)
        if self.handled % 7 == 0:
            self.waiting = True
            system.sleeping.append(self)


class System:
    def __init__(self):
        self.tasks = {}
        self.order = []
        self.names = []
        self.sleeping = []
        self.sent = 0

    def add(self, task):
        self.tasks[task.name] = task
        self.order.append(task)
        self.order.sort(key=lambda t: -t.priority)
        if isinstance(task, Worker):
            self.names.append(task.name)

    def send(self, name, packet):
        self.sent += 1
        self.tasks[name].post(packet)

    def run(self, steps):
        for _ in range(steps):
            for task in self.order:
                if task.is_ready():
                    task.step(self)
                    break
            else:
                while self.sleeping:
                    self.sleeping.pop().waiting = False


def work(steps):
    system = System()
    for i in range(4):
        system.add(Worker("worker%d" % i, 10 + i))
    system.add(Router("router", 5))
    system.add(Device("device", 3))
    for i in range(12):
        system.send("router", Packet("work", i * 17))
    system.run(steps)
    return system.sent, [t.handled for t in system.order]


start = perf_counter()
answer = work(200000)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
