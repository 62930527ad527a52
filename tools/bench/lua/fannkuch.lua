-- SPDX-License-Identifier: MIT
-- As ../programs/fannkuch.py.
local function fannkuch(n)
    local order, count = {}, {}
    for i = 0, n - 1 do
        order[i], count[i] = i, 0
    end
    local most, checksum, sign, left = 0, 0, false, n
    while true do
        local first = order[0]
        if first ~= 0 then
            local flips, deck = 0, table.move(order, 0, n - 1, 0, {})
            while first ~= 0 do
                local low, high = 0, first
                while low < high do
                    deck[low], deck[high] = deck[high], deck[low]
                    low, high = low + 1, high - 1
                end
                flips = flips + 1
                first = deck[0]
            end
            most = math.max(most, flips)
            checksum = checksum + (sign and -flips or flips)
        end
        while left > 1 do
            count[left - 1] = left
            left = left - 1
        end
        sign = not sign
        while true do
            if left == n then
                return most, checksum
            end
            local front = order[0]
            table.move(order, 1, left, 0)
            order[left] = front
            count[left] = count[left] - 1
            if count[left] > 0 then
                break
            end
            left = left + 1
        end
    end
end

local start = os.clock()
local most, checksum = fannkuch(9)
local elapsed = os.clock() - start
print("answer: (" .. most .. ", " .. checksum .. ")")
print("time: " .. elapsed)
