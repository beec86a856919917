import { type FaultyProxy, type RedisBackup, type RedisServer, startProxy, startRedis } from '@larder/servers'
import type { Fault, Topology } from './topology'

const doNothing = () => undefined

/** One server without persistence. */
export async function startSingleTopology(): Promise<Topology> {
  const server = await startRedis()
  return createSingleTopology(server, (proxy) => [
    { name: 'killed, and back empty', inject: server.kill, heal: server.restart },
    { name: 'restarted with its data', inject: doNothing, heal: server.restartWithData },
    restoreBackup('restored from an older snapshot', server),
    { name: 'answers lost', inject: () => proxy.cut('answers'), heal: () => proxy.pass() },
    { name: 'slow', inject: () => proxy.delay(150), heal: () => proxy.pass() },
    { name: 'connections reset', inject: () => proxy.reset(), heal: doNothing },
    { name: 'flushed', inject: () => server.command('FLUSHALL'), heal: doNothing },
    evictKeys(server),
    { name: 'paused', inject: () => server.command('CLIENT', 'PAUSE', '1500', 'ALL'), heal: doNothing },
    { name: 'scripts flushed', inject: () => server.command('SCRIPT', 'FLUSH'), heal: doNothing },
  ])
}

/** One server that appends every write to a file. */
export async function startAppendOnlyTopology(): Promise<Topology> {
  const server = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'everysec'] })
  return createSingleTopology(server, () => [
    { name: 'killed, and back with its data', inject: server.kill, heal: server.revive },
    restoreBackup('restored from an older append-only file', server),
  ])
}

async function createSingleTopology(
  server: RedisServer,
  faultsOf: (proxy: FaultyProxy) => readonly Fault[],
): Promise<Topology> {
  const proxy = await startProxy(server)
  return {
    address: { kind: 'single', url: proxy.url },
    faults: [
      { name: 'stopped', inject: server.stop, heal: server.resume },
      { name: 'cut off', inject: () => proxy.cut(), heal: () => proxy.pass() },
      ...faultsOf(proxy),
    ],
    async [Symbol.asyncDispose]() {
      await proxy.close()
      await server.close()
    },
  }
}

/** The server loses what was written during the fault. */
function restoreBackup(name: string, server: RedisServer): Fault {
  let backup: RedisBackup | undefined
  return {
    name,
    async inject() {
      backup = await server.backUp()
    },
    async heal() {
      await backup?.restore()
      backup?.remove()
    },
  }
}

function evictKeys(server: RedisServer): Fault {
  return {
    name: 'evicting',
    async inject() {
      await server.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-random')
      await server.command('CONFIG', 'SET', 'maxmemory', '1200000')
    },
    heal: () => server.command('CONFIG', 'SET', 'maxmemory', '0'),
  }
}
