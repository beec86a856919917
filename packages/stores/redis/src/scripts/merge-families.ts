/** Parts of the set of tags that are looked at in search of the largest family, and members of each. */
const sampleParts = 16
const sampleSize = 32
/** Members merged at once, and how often one call does it at most: an append adds up to 1 000. */
const mergeSize = 1_000
const maxMerges = 10

/**
 * Merges records of tags if there are more than the capacity: the oldest of the largest family (all tags with the same first
 * segment) become one record of that segment, at the latest of their positions. Entries carry the ancestors of their tags, so
 * that this ends entries of that family only; dropping the records would raise the floor, which ends entries of every kind.
 *
 * Done only for the separator that all processes of the cache agree on, which must be one byte: then the first segment ends
 * where the separator first occurs. Reserved tags begin with a control character and have no segments.
 */
export const mergeFamilies = `
local mark = #separator == 2 and agreed_separator == separator and string.sub(separator, 2)
local function root_of(member)
  local letter = string.sub(member, 1, 1)
  if letter ~= 'T' and letter ~= 't' or (string.byte(member, 2) or 0) < 32 then return end
  local at = string.find(member, mark, 3, true)
  return at and string.sub(member, 2, at - 1)
end

-- The family with the most members in a sample of all parts of the set, and the part where it was found first.
local function find_largest_family()
  local part, total, count, first, largest = math.floor(size[tags] / ${sampleParts}), 0, {}, {}, nil
  for i = 0, ${sampleParts} - 1 do
    for _, member in ipairs(redis.call('ZRANGE', tags, i * part, i * part + ${sampleSize} - 1)) do
      local root = root_of(member)
      total = total + 1
      if root then
        count[root], first[root] = (count[root] or 0) + 1, first[root] or i * part
        if not largest or count[root] > count[largest] then largest = root end
      end
    end
  end
  if largest and count[largest] * 8 >= total then return largest, first[largest] end
end

-- Returns whether there are fewer records afterwards.
local function merge_family(family, first)
  local found, merged, last = redis.call('ZRANGE', tags, first, first + ${mergeSize} - 1, 'WITHSCORES'), {}, {}
  for i = 1, #found, 2 do
    if root_of(found[i]) == family then
      merged[#merged + 1] = found[i]
      last[string.sub(found[i], 1, 1)] = found[i + 1]
    end
  end
  if #merged < 3 then return false end
  size[tags] = size[tags] - redis.call('ZREM', tags, unpack(merged))
  for letter, score in pairs(last) do
    size[tags] = size[tags] + redis.call('ZADD', tags, 'GT', score, letter .. family)
  end
  return true
end

for _ = 1, mark and ${maxMerges} or 0 do
  if size[tags] <= capacity[tags] then break end
  local family, first = find_largest_family()
  if not family or not merge_family(family, first) then break end
end
`
