-- SPDX-License-Identifier: MIT
-- As ../programs/nbody.py.
local function body(x, y, z, vx, vy, vz, mass)
    return {x = x, y = y, z = z, vx = vx, vy = vy, vz = vz, mass = mass}
end

local function advance(bodies, dt, steps)
    local count = #bodies
    for _ = 1, steps do
        for i = 1, count do
            local a = bodies[i]
            for j = i + 1, count do
                local b = bodies[j]
                local dx, dy, dz = a.x - b.x, a.y - b.y, a.z - b.z
                local mag = dt / (dx * dx + dy * dy + dz * dz) ^ 1.5
                a.vx = a.vx - dx * b.mass * mag
                a.vy = a.vy - dy * b.mass * mag
                a.vz = a.vz - dz * b.mass * mag
                b.vx = b.vx + dx * a.mass * mag
                b.vy = b.vy + dy * a.mass * mag
                b.vz = b.vz + dz * a.mass * mag
            end
        end
        for _, b in ipairs(bodies) do
            b.x = b.x + dt * b.vx
            b.y = b.y + dt * b.vy
            b.z = b.z + dt * b.vz
        end
    end
end

local bodies = {
    body(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 39.4),
    body(4.84, -1.16, -0.10, 0.60, 2.81, -0.02, 0.037),
    body(8.34, 4.12, -0.40, -1.01, 1.82, 0.008, 0.011),
    body(12.89, -15.11, -0.22, 1.08, 0.86, -0.01, 0.0017),
    body(15.37, -25.91, 0.17, 0.97, 0.59, -0.03, 0.0020),
}
local start = os.clock()
advance(bodies, 0.01, 20000)
local elapsed = os.clock() - start
local places = {}
for k, b in ipairs(bodies) do
    places[k] = string.format("%.9f", b.x)
end
print("answer: " .. table.concat(places, " "))
print("time: " .. elapsed)
