import { hasLoadedFile } from '@larder/redis/kit'

/** The time of the call as `now`, in ms: of the server's clock unless the caller has one. */
export const openClock = `
local time = redis.call('TIME')
local server_now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
now = tonumber(now) == 0 and server_now or tonumber(now)
local function to_text(number) return string.format('%.0f', number) end
`

/** A beat is written at most this often, in ms. */
const beatInterval = 1_000

/** The time that a lagging replica or an append-only file may lack, in ms: processes repeat the ends of that time. */
const longestLoss = 10_000

/**
 * Begins every script on a session. Each session belongs to an epoch, and has ended with it. The epoch of a bucket is a hash:
 * `id`; `server`, the replication id, which changes when a server is restarted or promoted; `run`, its process; `beat`, the
 * latest time of the server at which it was used, which never decreases; `restored` if it began because old data was back.
 *
 * An epoch begins when there is none (a flush, an eviction), when another process of the server has loaded a snapshot, and
 * when the caller has seen a beat (`witnessed`) that the data lacks. A server that has received data of another one since its
 * start was promoted.
 */
export const openEpoch = `
local epoch_id, server, run, beat, is_restored =
  unpack(redis.call('HMGET', epoch, 'id', 'server', 'run', 'beat', 'restored'))
witnessed, beat = tonumber(witnessed), tonumber(beat or 0)
local current_server = string.match(redis.call('INFO', 'replication'), 'master_replid:(%w+)') or ''
local is_behind = epoch_id and witnessed - beat > ${longestLoss}
local has_changed = epoch_id and (is_behind or server ~= current_server)
local has_ended = false

local function record_beat()
  beat = math.max(beat, witnessed, server_now)
  redis.call('HSET', epoch, 'beat', to_text(beat))
  redis.call('PEXPIRE', epoch, epoch_life)
end

if has_changed or not epoch_id then
${hasLoadedFile}
  local info = redis.call('INFO')
  local run_id = string.match(info, '\\nrun_id:(%w+)')
  local received = tonumber(string.match(info, 'total_net_repl_input_bytes:(%d+)') or 0)
  local has_loaded_snapshot = run_id ~= run and received == 0 and not has_loaded_file(info)
  has_ended = epoch_id and (is_behind or has_loaded_snapshot)
  if has_ended or not epoch_id then
    redis.call('DEL', epoch, live)
    epoch_id = time[1] .. '.' .. time[2]
    redis.call('HSET', epoch, 'id', epoch_id)
    if has_ended or is_restored then redis.call('HSET', epoch, 'restored', '1') end
  end
  is_restored = is_restored or has_ended
  redis.call('HSET', epoch, 'server', current_server, 'run', run_id or '')
  record_beat()
elseif server_now - beat >= ${beatInterval} then
  record_beat()
end
`
