
-- What every strategy ends with: the step, the verdict, and keeping what still matters.
settle()
local allowed = wait() == 0 and barred <= now
if step == 'take' and allowed then
  add()
  local pause = wait()
  if rising and pause > 0 then
    strikes = strikes + 1
    barred = now + pause + (2 ^ math.min(math.max(strikes - 1, 0), 3) - 1) * period
  end
elseif step == 'give' then
  remove()
  if barred > now then strikes, barred = strikes - 1, 0 end
  allowed = wait() == 0
end

local pause = math.max(wait(), barred - now, 0)
local left = 0
if pause == 0 then left = remaining() end
local rest = math.max(reset(), pause)
if step == 'give' or (step == 'take' and allowed) then
  local life = rest
  if strikes > 0 then life = math.max(life, barred + memory - now) end
  if life > 0 then
    -- A second more than it matters: a state that no longer matters is settled to nothing anyway.
    redis.call('SET', KEYS[1],
      string.format('%.0f %.0f %.0f %.0f %.0f', mark, count, before, strikes, barred),
      'PX', string.format('%.0f', life + 1000))
  else
    redis.call('DEL', KEYS[1])
  end
end
local passed = 0
if allowed then passed = 1 end
return { passed, left, pause, rest, at }
