// needs: redis
// tier: slow
import { rmSync } from 'node:fs'
import { type Clock, systemClock } from '@larder/core'
import {
  type RedisServer,
  startCluster,
  startRedis,
  startSecureRedis,
  temporaryFolder,
  until,
} from '@larder/servers'
import { describe, expect, test, vi } from 'vitest'
import { type Diagnosis, runDoctor, runDoctorAt } from './support/findings'
import { runLarder, slowClock } from './support/larder'

/** The settings with which every check passes. */
const good = { maxmemory: '100mb', 'maxmemory-policy': 'volatile-lru' }

/** A finding that a server has to bring. */
type Verdict = readonly [check: string, status: string, found: RegExp, advice?: RegExp]

interface ServerCase {
  /** Settings of redis.conf. */
  readonly settings?: Readonly<Record<string, string>>
  /** Brings the server into its state. Resolves to the URL to check; the server's own if it is undefined. */
  readonly prepare?: (server: RedisServer) => Promise<string | undefined>
  readonly clock?: Clock
  /** Empty if all is well. */
  readonly verdicts: readonly Verdict[]
}

/** Sets keys of 5 MB in one script, which Redis lets finish although they exceed the limit. */
async function fill({ command }: RedisServer): Promise<undefined> {
  await command(
    'EVAL',
    "for i = 1, 5000 do redis.call('SET', 'larder:' .. i, string.rep('x', 1000)) end",
    '0',
  )
  return undefined
}

/** A user with these rights. Resolves to the URL that logs in as this user. */
async function logInAs({ command, host, port }: RedisServer, user: string, ...rights: string[]) {
  await command('ACL', 'SETUSER', user, 'on', '>secret', ...rights)
  return `redis://${user}:secret@${host}:${port}`
}

const servers: Readonly<Record<string, ServerCase>> = {
  'is as it should be': { verdicts: [] },
  'has no limit of memory': {
    settings: { maxmemory: '0' },
    verdicts: [['eviction', 'warn', /^no maxmemory, volatile-lru: the server grows/, /CONFIG SET maxmemory/]],
  },
  'evicts every key': {
    settings: { 'maxmemory-policy': 'allkeys-lru' },
    verdicts: [['eviction', 'warn', /allkeys-lru: a full server may evict the log/, /volatile-lru/]],
  },
  'evicts nothing, and has room': {
    settings: { 'maxmemory-policy': 'noeviction' },
    verdicts: [['eviction', 'warn', /noeviction: a full server refuses new entries/, /volatile-lru/]],
  },
  'evicts nothing, and is full': {
    settings: { maxmemory: '3mb', 'maxmemory-policy': 'noeviction' },
    prepare: fill,
    verdicts: [['eviction', 'fail', /full with \d.* Every new entry .* is refused/, /Raise maxmemory/]],
  },
  'is full, and has nothing to evict': {
    settings: { maxmemory: '3mb' },
    prepare: fill,
    verdicts: [['eviction', 'fail', /full with \d.* and no key has an expiry/, /without an expiry/]],
  },
  'wants a password': {
    settings: { requirepass: 'secret' },
    prepare: async ({ url }) => url,
    verdicts: [['connection', 'fail', /it refuses the login \(NOAUTH/]],
  },
  'has a user without a right': {
    prepare: (server) => logInAs(server, 'app', '~larder:*', '&larder:*', '+@all', '-unlink'),
    verdicts: [['rights', 'fail', /"app" may not run: UNLINK /, /^ACL SETUSER app .* \+unlink$/]],
  },
  'has a user without INFO': {
    prepare: (server) => logInAs(server, 'app', '~larder:*', '&larder:*', '+@all', '-info'),
    verdicts: [
      ...['version', 'eviction', 'persistence', 'replication', 'sentinels', 'connections', 'sharing'].map(
        (check): Verdict => [check, 'unknown', /NOPERM/, /grant it to this user/],
      ),
      ['rights', 'fail', /may not run: INFO/, /\+info$/],
    ],
  },
  'cannot write to its disk': {
    settings: { 'enable-protected-configs': 'yes' },
    async prepare({ command }) {
      const folder = temporaryFolder()
      await command('CONFIG', 'SET', 'dir', folder.path)
      rmSync(folder.path, { recursive: true })
      await command('SET', 'larder:a', '1')
      await command('BGSAVE')
      await until('the save has failed', async () =>
        (await command('INFO', 'persistence')).includes('rdb_last_bgsave_status:err'),
      )
      return undefined
    },
    verdicts: [['persistence', 'fail', /rdb_last_bgsave_status/, /disk is full or not writable/]],
  },
  'has snapshots only': {
    settings: { save: '3600 1' },
    verdicts: [['persistence', 'warn', /snapshots without an append-only file/, /appendonly yes/]],
  },
  'leaves it to the system when the log reaches the disk': {
    settings: { appendonly: 'yes', appendfsync: 'no' },
    verdicts: [['persistence', 'warn', /may lose half a minute/, /everysec/]],
  },
  'has no CONFIG': {
    settings: { 'rename-command': 'CONFIG ' },
    verdicts: [['persistence', 'unknown', /may not read the snapshot setting/, /has disabled CONFIG/]],
  },
  'has no EVALSHA': {
    settings: { 'rename-command': 'EVALSHA ' },
    verdicts: [['rights', 'fail', /^the server does not have: EVALSHA$/, /rename-command/]],
  },
  'lacks the replicas that it needs to write': {
    settings: { 'min-replicas-to-write': '1' },
    verdicts: [
      ['replication', 'fail', /^0 of 1 replicas .*every write is refused \(NOREPLICAS\)/, /Start the/],
    ],
  },
  'ends connections that receive a burst': {
    settings: { 'client-output-buffer-limit': 'pubsub 1 1 1' },
    verdicts: [['connections', 'warn', /pubsub 1 1 1: .*loses its connection/, /pubsub 32mb 8mb 60/]],
  },
  'ends connections that are idle': {
    settings: { timeout: '1' },
    verdicts: [['connections', 'warn', /timeout 1: a connection without a command for 1 s/, /timeout 0/]],
  },
  'does not have the database': {
    prepare: async ({ url }) => `${url}/99`,
    verdicts: [['connection', 'fail', /DB index is out of range.*Correct the number of the database/]],
  },
  'has no cache in the database': {
    prepare: async ({ url }) => `${url}/3`,
    verdicts: [],
  },
  'does not speak TLS': {
    prepare: async ({ url }) => url.replace('redis:', 'rediss:'),
    verdicts: [['connection', 'fail', /if the server has none, begin it with redis:\/\//]],
  },
  'has another time': {
    clock: { ...slowClock, now: () => systemClock.now() - 90_000 },
    verdicts: [['clock', 'warn', /1\.5 min ahead of this machine/, /NTP/]],
  },
}

/** The findings that are not ok. Nobody has opened the cache on any of the servers, which is a warning on each. */
function problemsOf({ findings }: Diagnosis) {
  return findings.filter(({ check, status }) => status !== 'ok' && check !== 'log')
}

function expectVerdicts(diagnosis: Diagnosis, verdicts: readonly Verdict[]): void {
  const problems = problemsOf(diagnosis)
  expect(problems.map(({ check, status, found }) => [check, status, found])).toEqual(
    verdicts.map(([check, status, found]) => [check, status, expect.stringMatching(found)]),
  )
  for (const [index, [, , , advice]] of verdicts.entries())
    if (advice !== undefined) expect(problems[index]?.advice).toMatch(advice)
  expect(diagnosis.code).toBe(verdicts.some(([, status]) => status === 'fail') ? 1 : 0)
}

describe('doctor names the state of a server that', () => {
  test.each(Object.entries(servers))('%s', async (_, { settings, prepare, clock = slowClock, verdicts }) => {
    vi.spyOn(console, 'warn').mockReturnValue()
    const args = Object.entries({ ...good, ...settings }).flatMap(([name, value]) => [
      `--${name}`,
      ...value.split(' '),
    ])
    await using server = await startRedis({
      args,
      cli: settings?.requirepass === undefined ? [] : ['--pass', settings.requirepass, '--no-auth-warning'],
    })
    const url = (await prepare?.(server)) ?? server.url
    expectVerdicts(await runDoctorAt(clock, url), verdicts)
  })

  test('is a replica', async () => {
    await using primary = await startRedis({ args: ['--repl-diskless-sync-delay', '0'] })
    await using replica = await startRedis({ args: ['--replicaof', primary.host, String(primary.port)] })
    await until('the replica follows', async () =>
      (await primary.command('INFO', 'replication')).includes('online'),
    )
    const { code, findingOf } = await runDoctor(replica.url)
    expect(findingOf('replication')).toMatchObject({ status: 'fail', advice: 'Give the URL of the primary.' })
    expect(code).toBe(1)
  })

  test('speaks only TLS, with a certificate that nobody knows', async () => {
    await using server = await startSecureRedis()
    expectVerdicts(await runDoctor(server.url), [
      ['connection', 'fail', /Set NODE_EXTRA_CA_CERTS to the file of the certificate authority/],
    ])
    expectVerdicts(await runDoctor(server.url.replace('rediss:', 'redis:')), [
      ['connection', 'fail', /If the server expects TLS, begin the URL with rediss:\/\//],
    ])
  })

  test('is blocked by a script most of the time', async () => {
    await using server = await startRedis({
      args: ['--maxmemory', '100mb', '--maxmemory-policy', 'volatile-lru'],
    })
    const script =
      "local function now() local t = redis.call('TIME') return t[1] * 1000 + t[2] / 1000 end local start = now() while now() - start < 200 do end"
    let isRunning = true
    const load = (async () => {
      while (isRunning) await server.command('EVAL', script, '0')
    })()
    const diagnosis = await runDoctorAt(systemClock, server.url)
    isRunning = false
    await load
    expect(diagnosis.findingOf('latency')).toMatchObject({ status: 'warn' })
  })

  test('has lost a primary of its Cluster', async () => {
    await using cluster = await startCluster({ replicas: 0 })
    const [first, second] = cluster.nodes
    await second?.kill()
    await until('the Cluster knows it', async () =>
      String(await first?.command('CLUSTER', 'INFO')).includes('cluster_state:fail'),
    )
    const { code, findings, findingOf } = await runDoctor(first?.url ?? '')
    expect(findingOf('cluster')).toMatchObject({ status: 'fail', found: expect.stringMatching(/state fail/) })
    expect(findings.filter(({ check, status }) => check === 'limits' && status === 'fail')).toEqual([])
    const reading = await runLarder(first?.url ?? '', ['keys'])
    expect(reading.hints).toMatch(/^larder: Redis failed: .* Run larder doctor to find out why\.$/)
    expect(reading.code).toBe(1)
    expect(findings.filter(({ node }) => node === `${second?.host}:${second?.port}`)).toEqual([
      expect.objectContaining({ check: 'connection', status: 'fail' }),
    ])
    expect(code).toBe(1)
  }, 120_000)
})

test('what is alike on the primaries of a Cluster is one line', async () => {
  await using cluster = await startCluster({ replicas: 0 })
  const { output } = await runLarder(cluster.nodes[0]?.url ?? '', ['doctor'], { clock: slowClock })
  expect(output).toMatch(/^ok +version \(3 primaries\) +Redis [\d.]+$/m)
  expect(output).toMatch(/^warn +eviction \(3 primaries\) +no maxmemory/m)
  expect(output.match(/^(ok|warn|fail|unknown) /gm)?.length).toBeLessThan(15)
}, 60_000)
