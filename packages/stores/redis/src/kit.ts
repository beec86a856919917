/**
 * The parts of the Redis store that other services on Redis need as well: connections that never hang, scripts, names and
 * messages. For authors of services; caches use `redisStore`.
 */

export { type ClientOptions, checkClient, clientOptionTable } from './check-client'
export { checkServiceRights, kitCommands, type ServiceRights } from './check-service-rights'
export type { CommandArgument, CommandArguments, RedisClient } from './client'
export { type Connection, connectionOf } from './connection'
export {
  type GuardedConnection,
  type GuardedConnectionOptions,
  openGuardedConnection,
} from './guarded-connection'
export { hubOf, type MessageHub } from './message-hub'
export { decodeName, type ServiceNames, serviceNamesOf, servicePatternOf } from './names'
export { createNarrowLog, type NarrowLog } from './narrow-log'
export type { NodeRedisClient } from './node-redis-client'
export { noteOnMissingService } from './note-on-missing-service'
export { defineScript, type Script, type ScriptCall } from './scripts/define-script'
export { hasLoadedFile } from './scripts/has-loaded-file'
export { evictionPolicyOf, parseInfo, readServerInfo, type ServerInfo } from './server-info'
export { createThrottledWarning } from './throttled-warning'
