/**
 * Defines `has_loaded_file(info)` in Lua, for the text of `INFO`: whether the server has loaded an append-only file since its
 * start, and no snapshot. A server that has written a new file since then does not count: it also does so when the file is
 * enabled after a snapshot was loaded.
 */
export const hasLoadedFile = `
local function has_loaded_file(info)
  local function is(field, value) return string.match(info, field .. ':([%w-]+)') == value end
  return is('aof_enabled', '1') and is('aof_last_rewrite_time_sec', '-1')
    and is('aof_rewrite_in_progress', '0') and is('aof_rewrite_scheduled', '0')
end
`
