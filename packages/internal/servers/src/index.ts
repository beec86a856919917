export { startServer } from './http/start-server'
export { type NginxServer, startNginx } from './nginx/nginx'
export { atExit } from './processes/at-exit'
export { freePort } from './processes/free-port'
export { type Measured, measureOwnTime } from './processes/own-time'
export { endProcess, hasEnded, startProcess } from './processes/process'
export { runScript, type ScriptOptions, type ScriptResult } from './processes/run-script'
export { type TemporaryFolder, temporaryFolder } from './processes/temporary-folder'
export {
  type EvaluatedRule,
  type PrometheusServer,
  startPrometheus,
} from './prometheus/prometheus'
export { type ClusterOptions, type RedisCluster, startCluster } from './redis/cluster'
export { countCommands } from './redis/count'
export { provideRedis } from './redis/provide'
export { type FaultyProxy, type ProxyTarget, startProxy, type Traffic } from './redis/proxy'
export type { Direction } from './redis/relay'
export { type SecureRedis, startSecureRedis } from './redis/secure'
export { type RedisSentinels, type SentinelOptions, startSentinels } from './redis/sentinels'
export { type RedisBackup, type RedisOptions, type RedisServer, startRedis } from './redis/server'
export { until } from './until'
