-- What every strategy begins with: the arguments, the time, and what is kept.
-- Milliseconds, except `at` and the leaky bucket's beat, which are microseconds. The sums are those of model.rs.
local step = ARGV[1]
local number, period, burst = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local rising = ARGV[5] == '1'
local clock = redis.call('TIME')
local at = tonumber(clock[1]) * 1000000 + tonumber(clock[2])
local now = math.floor(at / 1000)

local function ceiling(a, b) return math.floor((a + b - 1) / b) end

local kept = { 0, 0, 0, 0, 0 }
local text = redis.call('GET', KEYS[1])
if text then
  local place = 0
  for digits in string.gmatch(text, '%-?%d+') do
    place = place + 1
    kept[place] = tonumber(digits)
  end
end
local mark, count, before, strikes, barred = kept[1], kept[2], kept[3], kept[4], kept[5]
local memory = 8 * period
if barred + memory <= now then strikes, barred = 0, 0 end
barred = math.min(barred, now + memory + period)

local settle, wait, remaining, reset, add, remove
