# SPDX-License-Identifier: MIT
# A ray tracer: vectors as objects with operator methods, spheres, a plane, shadows.
from math import sqrt
from time import perf_counter


class Vector:
    __slots__ = ("x", "y", "z")

    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z

    def __add__(self, o):
        return Vector(self.x + o.x, self.y + o.y, self.z + o.z)

    def __sub__(self, o):
        return Vector(self.x - o.x, self.y - o.y, self.z - o.z)

    def __mul__(self, k):
        return Vector(self.x * k, self.y * k, self.z * k)

    def dot(self, o):
        return self.x * o.x + self.y * o.y + self.z * o.z

    def unit(self):
        return self * (1.0 / sqrt(self.dot(self)))


class Sphere:
    def __init__(self, centre, radius, shade):
        self.centre = centre
        self.radius = radius
        self.shade = shade

    def hit(self, origin, way):
        between = self.centre - origin
        along = between.dot(way)
        gap = self.radius * self.radius - between.dot(between) + along * along
        if gap < 0:
            return None
        distance = along - sqrt(gap)
        return distance if distance > 1e-6 else None

    def normal(self, point):
        return (point - self.centre).unit()


class Floor:
    shade = 0.4

    def __init__(self, height):
        self.height = height

    def hit(self, origin, way):
        if way.y >= 0:
            return None
        return (self.height - origin.y) / way.y

    def normal(self, point):
        return Vector(0.0, 1.0, 0.0)


class Scene:
    def __init__(self):
        self.things = [Sphere(Vector(i - 2.0, 0.3 * i - 0.6, 4.0 + i), 0.8, 0.2 * i) for i in range(5)]
        self.things.append(Floor(-1.5))
        self.light = Vector(-5.0, 8.0, -2.0)

    def nearest(self, origin, way):
        best = thing = None
        for one in self.things:
            distance = one.hit(origin, way)
            if distance is not None and (best is None or distance < best):
                best, thing = distance, one
        return best, thing

    def colour(self, origin, way, depth):
        distance, thing = self.nearest(origin, way)
        if thing is None:
            return 0.1
        point = origin + way * distance
        normal = thing.normal(point)
        to_light = (self.light - point).unit()
        value = 0.1 + thing.shade * 0.5
        start = point + normal * 1e-4
        if self.nearest(start, to_light)[1] is None:
            value += max(0.0, normal.dot(to_light)) * 0.6
        if depth:
            mirror = way - normal * (2.0 * way.dot(normal))
            value = value * 0.8 + 0.2 * self.colour(start, mirror, depth - 1)
        return value


def render(width, height):
    scene = Scene()
    eye = Vector(0.0, 0.0, -4.0)
    total = 0.0
    for row in range(height):
        for column in range(width):
            way = Vector(column / width - 0.5, 0.5 - row / height, 1.0).unit()
            total += scene.colour(eye, way, 2)
    return total


start = perf_counter()
answer = render(160, 120)
elapsed = perf_counter() - start
print("answer: %.6f" % answer)
print("time:", elapsed)
