-- SPDX-License-Identifier: MIT
-- As ../programs/attributes.py.
local Base = {scale = 2}
Base.__index = Base

local function init_base(self, x, y)
    self.x = x
    self.y = y
end

function Base:norm()
    return self.x * self.x + self.y * self.y
end

local Point = setmetatable({}, Base)
Point.__index = Point

local function new_point(x, y, z)
    local self = setmetatable({}, Point)
    init_base(self, x, y)
    self.z = z
    return self
end

local function work(n)
    local points, total = {}, 0
    for i = 0, 99 do
        points[i + 1] = new_point(i, i + 1, i + 2)
    end
    for _ = 1, n do
        for _, p in ipairs(points) do
            p.x = p.y - p.z + p.scale
            p.y = p.y + 1
            total = total + p.x
        end
        total = total + points[4]:norm()
    end
    return total
end

local start = os.clock()
local answer = work(15000)
local elapsed = os.clock() - start
print("answer: " .. answer)
print("time: " .. elapsed)
