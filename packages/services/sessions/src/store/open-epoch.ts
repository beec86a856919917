import { hasLoadedFile } from '@larder/redis/kit'

/** The time of the call as `now`, in ms: of the server's clock unless the caller has one. */
export const openClock = `
local time = redis.call('TIME')
local server_now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
now = tonumber(now) == 0 and server_now or tonumber(now)
local function to_text(number) return string.format('%.0f', number) end
`

/** A beat is written at most this often, and a process looks at the server at least this often, in ms. */
export const beatInterval = 1_000

/** The time that a lagging replica or an append-only file may lack, in ms: processes repeat the ends of that time. */
const longestLoss = 10_000

/** Sets `server`, `run` and `epoch_id` to those of the server as it is, and ends an epoch whose data is old. */
const examineServer = `
${hasLoadedFile}
  local info = redis.call('INFO')
  local run_id = string.match(info, '\\nrun_id:(%w+)') or '-'
  local received = tonumber(string.match(info, 'total_net_repl_input_bytes:(%d+)') or 0)
  local loaded = string.match(info, 'rdb_last_load_keys_loaded:(%d+)')
  local has_loaded_snapshot = run_id ~= run and received == 0 and loaded ~= '0' and not has_loaded_file(info)
  has_ended = epoch_id and (is_behind or has_loaded_snapshot)
  if has_ended or not epoch_id then
    redis.call('DEL', live)
    if has_ended then restored = '1' end
    epoch_id = time[1] .. '.' .. time[2]
  end
  server, run, beat = current_server, run_id, 0
`

/**
 * Begins every script on a session. Each session belongs to an epoch, and has ended with it. The epoch of a bucket is a text
 * of five words: its id; the replication id of the server, which changes when a server is restarted or promoted; its process
 * (run_id); the beat, the latest time of the server at which it was used, which never decreases; 1 if it began because old
 * data was back.
 *
 * An epoch begins when there is none (a flush, an eviction), when another process of the server has loaded a snapshot, and
 * when the caller has seen a beat that the data lacks. A server that has received data of another one since its
 * start was promoted, and one that has loaded no keys has got these from elsewhere: a slot of a Cluster has moved.
 *
 * To look at the server costs more than all the rest of a script. A caller that has looked at it a moment ago, by the same
 * connection, sends the epoch of then as `known`: as long as it is this text, nothing has changed. Others send the latest beat
 * that they have seen. `look` is false if nothing has changed; otherwise the epoch, the time of the server, and 1 if the server
 * has changed or 2 if it had old data.
 *
 * @param epochLife how long an epoch outlives its last use, in ms: longer than its sessions
 */
export const createEpochOpening = (epochLife: number) => `
local epoch_text = redis.call('GET', epoch)
local look = false
if not epoch_text or epoch_text ~= known then
  local epoch_id, server, run, beat, restored =
    string.match(epoch_text or '', '^(%S+) (%S+) (%S+) (%d+) (%d)$')
  local witnessed = tonumber(string.match(known, '(%d+) %d$') or known)
  beat, restored = tonumber(beat or 0), restored or '0'
  local current_server = server
  if not server or server ~= seen_server then
    current_server = string.match(redis.call('INFO', 'replication'), 'master_replid:(%w+)') or '-'
  end
  local is_behind = epoch_id and witnessed - beat > ${longestLoss}
  local has_changed = epoch_id and (is_behind or server ~= current_server)
  local has_ended = false
  local latest = math.max(beat, witnessed, server_now)
  if has_changed or not epoch_id then
    ${examineServer.trim()}
  end
  if server_now - beat >= ${beatInterval} then
    epoch_text = table.concat({epoch_id, server, run, to_text(latest), restored}, ' ')
    redis.call('SET', epoch, epoch_text, 'PX', ${epochLife})
    redis.call('ZREMRANGEBYSCORE', live, '-inf', to_text(now))
  end
  look = {epoch_text, server_now, has_ended and 2 or has_changed and 1 or 0}
end
local epoch_id = string.match(epoch_text, '^%S+')
`
