// needs: redis
import type { ServiceServer } from '@larder/core'
import { provideRedis, startProxy, startRedis, until } from '@larder/servers'
import { Cluster, Redis } from 'ioredis'
import { Redis as Redis5 } from 'ioredis-5'
import { createClient } from 'redis'
import { createClient as createClient5 } from 'redis-5'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  checkServiceRights,
  connectionOf,
  defineScript,
  type GuardedConnectionOptions,
  noteOnMissingService,
  openGuardedConnection,
  readServerInfo,
  serviceNamesOf,
  servicePatternOf,
} from '../src/kit'

const append = defineScript({
  keys: ['list'],
  args: ['text'],
  body: "return {redis.call('RPUSH', list, text), text}",
})
const server = provideRedis(beforeAll, afterAll)

function openKit(options: Partial<GuardedConnectionOptions> = {}) {
  const errors: unknown[] = []
  const given = options.client === undefined ? { url: server.url, ...options } : options
  const kit = openGuardedConnection({
    caller: 'createQuota',
    onError: (error) => errors.push(error),
    ...given,
  })
  return { kit, errors }
}

const clients = {
  'ioredis 5': (port: number) => new Redis5(port, { lazyConnect: true }),
  'ioredis 6': (port: number) => new Redis(port, { lazyConnect: true }),
  'node-redis 5': (port: number) => createClient5({ socket: { host: '127.0.0.1', port } }),
  'node-redis 6': (port: number) => createClient({ socket: { host: '127.0.0.1', port } }),
}

/** The clients of node-redis are not connected: only those of ioredis are the kit's to end. */
function endClient(client: object): void {
  if (client instanceof Redis || client instanceof Redis5) client.disconnect()
}

test.each(Object.entries(clients))(
  '%s: scripts run once each, in one round trip, also when the server has forgotten them',
  async (name, create) => {
    const client = create(server.port)
    const { kit } = openKit({ client })
    const calls = ['a', 'b', 'c'].map((text) => append.callWith({ list: `list of ${name}`, text }))
    await server.command('SCRIPT', 'FLUSH')
    for (const rounds of [1, 2]) {
      const replies = (await kit.runScripts(calls)) as [number, Buffer][]
      expect(replies.map(([, text]) => String(text))).toEqual(['a', 'b', 'c'])
      expect(Number(await kit.sendCommand('llen', `list of ${name}`))).toBe(3 * rounds)
    }
    await server.command('SCRIPT', 'FLUSH')
    expect(await kit.runScript(append.callWith({ list: `list of ${name}`, text: 'd' }))).toEqual([
      7,
      Buffer.from('d'),
    ])
    kit.close()
    endClient(client)
  },
)

test.each(Object.entries(clients))(
  '%s: an error carries neither arguments nor passwords',
  async (_, create) => {
    const client = create(server.port)
    const { kit, errors } = openKit({ client })
    await server.command('SET', 'text', 'no list')
    await expect(kit.sendCommand('no-such-command', 's3cr3t')).rejects.toThrow('unknown command')
    await expect(kit.runScript(append.callWith({ list: 'text', text: 's3cr3t' }))).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringMatching(/^Redis: WRONGTYPE/),
    })
    expect(errors).toHaveLength(2)
    expect(errors.map(String).join()).not.toContain('s3cr3t')
    kit.close()
    endClient(client)
  },
)

test.each(Object.entries(clients))(
  '%s: a frozen server costs each call its timeout, then none at all, and is used again after it woke up',
  async (_, create) => {
    await using frozen = await startRedis()
    const client = create(frozen.port)
    const { kit } = openKit({ client, storeTimeout: 50, circuitPause: 100 })
    await until('it is connected', async () => String(await kit.sendCommand('ping')) === 'PONG')
    frozen.stop()
    for (let call = 0; call < 5; call += 1)
      await expect(kit.sendCommand('ping')).rejects.toMatchObject({ code: 'STORE_TIMEOUT' })
    await expect(kit.sendCommand('ping')).rejects.toMatchObject({ code: 'STORE_OPEN_CIRCUIT' })
    frozen.resume()
    await until('it is used again', async () => String(await kit.sendCommand('ping')) === 'PONG')
    expect(kit.circuit).toBe('closed')
    kit.close()
    endClient(client)
  },
)

test.each(Object.entries(clients))(
  '%s: a connection that was replaced has another number',
  async (_, create) => {
    const client = create(server.port)
    const { kit } = openKit({ client })
    await kit.sendCommand('get', 'a key')
    const first = kit.connectionId
    await kit.sendCommand('get', 'a key')
    expect(kit.connectionId).toBe(first)
    await server.command('CLIENT', 'KILL', 'TYPE', 'normal')
    await until('it is connected again', async () => {
      const reply = await kit.sendCommand('get', 'a key').catch(() => 'lost')
      return reply === null && kit.connectionId !== first
    })
    kit.close()
    endClient(client)
  },
)

test('a server that accepts connections and stays silent is left and tried again', async () => {
  await using proxy = await startProxy(server)
  proxy.cut('answers')
  const client = createClient({ socket: { host: '127.0.0.1', port: proxy.port, reconnectStrategy: false } })
  const { kit, errors } = openKit({ client })
  await until('the attempt has failed', () => errors.length > 0)
  proxy.pass()
  await until('it is connected', async () => String(await kit.sendCommand('ping')) === 'PONG')
  kit.close()
})

describe('a server that evicts keys', () => {
  test.each([
    ['volatile-lru', '50mb', 1],
    ['noeviction', '50mb', 0],
    ['allkeys-lru', '0', 0],
  ])('with %s and %s of memory causes %i warning', async (policy, memory, count) => {
    await using evicting = await startRedis({ args: ['--maxmemory-policy', policy, '--maxmemory', memory] })
    const warnings: Error[] = []
    const onWarning = (warning: Error) => {
      if (warning.message.includes(policy)) warnings.push(warning)
    }
    process.on('warning', onWarning)
    const { kit } = openKit({ url: evicting.url })
    await kit.sendCommand('ping')
    await kit.sendCommand('ping')
    await new Promise((resolve) => setImmediate(resolve))
    process.off('warning', onWarning)
    kit.close()
    expect(warnings.map(({ message }) => message)).toEqual(
      Array.from({ length: count }, () => expect.stringContaining('createQuota: the server evicts keys')),
    )
  })
})

test('the properties of the server are read in one command, and are unknown where it is forbidden', async () => {
  const client = new Redis(server.port)
  const info = await readServerInfo(connectionOf(client))
  expect(info).toMatchObject({ evictionPolicy: 'noeviction' })
  expect(info?.version[0]).toBeGreaterThanOrEqual(7)
  await server.command('ACL', 'SETUSER', 'few', 'on', '>few', '+ping', '~*')
  const forbidden = new Redis(server.port, { username: 'few', password: 'few' })
  expect(await readServerInfo(connectionOf(forbidden))).toBeUndefined()
  client.disconnect()
  forbidden.disconnect()
})

describe('names of services', () => {
  test('share a slot per subject, and never show it', () => {
    const names = serviceNamesOf('larder', 'limit', 'shop')
    expect(names.keyOf('ann@example.com', 'per minute')).toMatch(
      /^larder:limit:shop:\{[\w-]{22}\}:per%20minute$/,
    )
  })

  test('differ whenever a part differs, whatever characters it contains', () => {
    const parts = ['a', 'b', 'a:b', '{a}', 'a}', '%3A', '']
    const keys = parts.flatMap((service) =>
      parts.flatMap((subject) =>
        parts.map((part) => serviceNamesOf('larder', 'limit', service).keyOf(subject, part)),
      ),
    )
    expect(new Set(keys).size).toBe(parts.length ** 3)
  })

  test('have patterns for the keys of all services of a kind, and of one, whose name is taken as it is', () => {
    expect(servicePatternOf('larder', 'limit', undefined)).toBe('larder:limit:*:{*}*')
    expect(servicePatternOf('larder', 'limit', 'sh*')).toBe('larder:limit:sh%2a:{*}*')
    expect(servicePatternOf('larder', 'session', 'shop', 'live')).toBe('larder:session:shop:{*}:live')
  })

  test('tell which services a server has, although another program wrote a name in its own way', async () => {
    const keys = ["it's a shop/1", 'api'].map((name) => serviceNamesOf('larder', 'limit', name).keyOf('ann'))
    const findKeys = async () => [...keys, 'larder:limit:100%:{ann}']
    const view = { prefix: 'larder', name: 'shpo', findKeys } as unknown as ServiceServer
    expect(await noteOnMissingService(view, 'limit', 'limits')).toBe(
      'No key of limits "shpo" is on this server. Those that have keys: 100%, api, it\'s a shop/1.',
    )
  })
})

test('a connection needs a client or a url', () => {
  expect(() => openKit({ url: undefined })).toThrow(
    "createQuota needs a client or a url: createQuota({ url: 'redis://127.0.0.1:6379' }).",
  )
  const cluster = new Cluster([], { lazyConnect: true, redisOptions: { keyPrefix: 'app:' } })
  expect(() => openKit({ client: cluster })).toThrow('createQuota: the client must not set keyPrefix')
  cluster.disconnect()
})

test('the rights of a service are unknown on a server that is older than Redis 7', async () => {
  const oldServer: ServiceServer = {
    prefix: 'larder',
    name: 'shop',
    call: async () => null,
    readInfo: async () => new Map(),
    findKeys: async () => ['larder:quota:shop:{a}'],
  }
  const rights = { kind: 'quota', title: 'quotas', commands: ['get KEY'] }
  expect(await checkServiceRights(oldServer, rights)).toMatchObject({ status: 'unknown' })
})
