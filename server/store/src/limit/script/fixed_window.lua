
settle = function()
  mark = math.min(mark, now)
  if count == 0 or now - mark >= period then mark, count = now, 0 end
end
wait = function()
  if count < number then return 0 end
  return mark + period - now
end
remaining = function() return number - count end
reset = function()
  if count > 0 then return mark + period - now end
  return 0
end
add = function() count = count + 1 end
remove = function() count = math.max(count - 1, 0) end
