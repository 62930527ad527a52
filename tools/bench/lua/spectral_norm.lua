-- SPDX-License-Identifier: MIT
-- As ../programs/spectral_norm.py.
local function entry(i, j)
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)
end

local function times(v)
    local n, out = #v, {}
    for i = 0, n - 1 do
        local sum = 0
        for j = 0, n - 1 do
            sum = sum + entry(i, j) * v[j + 1]
        end
        out[i + 1] = sum
    end
    return out
end

local function transposed_times(v)
    local n, out = #v, {}
    for i = 0, n - 1 do
        local sum = 0
        for j = 0, n - 1 do
            sum = sum + entry(j, i) * v[j + 1]
        end
        out[i + 1] = sum
    end
    return out
end

local function norm(n, rounds)
    local u, v = {}, nil
    for k = 1, n do
        u[k] = 1.0
    end
    for _ = 1, rounds do
        v = transposed_times(times(u))
        u = transposed_times(times(v))
    end
    local dot_uv, dot_vv = 0.0, 0.0
    for k = 1, n do
        dot_uv = dot_uv + u[k] * v[k]
        dot_vv = dot_vv + v[k] * v[k]
    end
    return (dot_uv / dot_vv) ^ 0.5
end

local start = os.clock()
local answer = norm(200, 8)
local elapsed = os.clock() - start
print(string.format("answer: %.9f", answer))
print("time: " .. elapsed)
