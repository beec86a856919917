// needs: redis
import { readFile } from 'node:fs/promises'
import type { ServiceServer } from '@larder/core'
import { provideRedis } from '@larder/servers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLocalRateLimiter, createRateLimiter } from '../src/index'
import { operations } from '../src/operations'
import { requiredCommands } from '../src/operations/required-commands'

const server = provideRedis(beforeAll, afterAll)
const perMinute = { name: 'per-minute', limit: 1, window: '1m' } as const

const commandLine: ServiceServer = {
  prefix: 'larder',
  name: 'shop',
  call: (command, ...args) => server.command(command, ...args.map(String)),
  async readInfo() {
    const lines = (await server.command('INFO', 'memory')).split(/\r?\n/)
    return new Map(lines.map((line) => line.split(':', 2) as [string, string]))
  },
  findKeys: async (pattern) =>
    (await server.command('KEYS', pattern)).split('\n').filter((key) => key !== ''),
}

test('the metrics of a limiter are those that its alerts and panels are made of', async () => {
  const limiter = createLocalRateLimiter({ policies: [perMinute] })
  await limiter.consume('ann')
  await limiter.consume('ann')
  limiter.bypass()
  const values = limiter.service.instruments.map((instrument) => {
    const observed: unknown[] = []
    if (instrument.kind !== 'histogram')
      instrument.read((value, labels) => observed.push([value, ...Object.values(labels ?? {})]))
    return [instrument.name, observed]
  })
  expect(values).toEqual([
    [
      'ratelimit.requests',
      [
        [1, 'allowed'],
        [1, 'refused'],
        [1, 'bypassed'],
      ],
    ],
    ['ratelimit.unavailable', [[0]]],
    ['ratelimit.circuit.open', [[0]]],
  ])
  expect(operations.metrics.map(({ name }) => name)).toEqual(values.map(([name]) => name))
})

test('the admin view lists the policies with their defaults', async () => {
  const limiter = createLocalRateLimiter({ policies: [perMinute] })
  const [view] = limiter.service.resources
  const unused = async () => Promise.reject(new Error('A view changes nothing'))
  expect(
    await view?.handle({ query: new URLSearchParams(), readBody: unused, perform: unused }),
  ).toMatchObject({
    policies: [{ name: 'per-minute', limit: 1, window: 60_000, algorithm: 'strict', countRefused: false }],
    stats: { allowed: 0, circuit: 'closed' },
  })
})

test('doctor warns of a server that evicts counts when its memory is full, and is silent where there are none', async () => {
  const [check] = operations.checks
  expect(await check?.run(commandLine)).toBeUndefined()
  await using limiter = createRateLimiter({
    name: 'shop',
    url: server.url,
    policies: [perMinute],
    storeTimeout: '20s',
  })
  await limiter.consume(['ann', 'bob'])
  expect(await check?.run(commandLine)).toMatchObject({ status: 'ok' })
  await server.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru')
  expect(await check?.run(commandLine)).toMatchObject({ status: 'ok' })
  await server.command('CONFIG', 'SET', 'maxmemory', '100mb')
  expect(await check?.run(commandLine)).toMatchObject({ status: 'warn' })
  const row = { policy: 'per-minute', algorithm: 'strict', window: '60000 ms' }
  expect((await operations.inspect(commandLine, undefined)).data).toEqual({
    policies: [{ ...row, identities: 2 }],
  })
  expect((await operations.inspect(commandLine, 'ann')).data).toEqual({
    policies: [{ ...row, identities: 1 }],
  })
})

test('the counts of a limiter are its own, whatever characters its name has', async () => {
  await using shop = createRateLimiter({
    name: 'shop',
    url: server.url,
    policies: [perMinute],
    storeTimeout: '20s',
  })
  await shop.consume('ann')
  expect((await operations.inspect({ ...commandLine, name: 'sh*' }, undefined)).data).toEqual({
    policies: [],
  })
})

test('every metric is in a panel', () => {
  const queried = new Set<string>()
  const note = (name: string) => {
    queried.add(name)
    return name
  }
  const terms = { metric: note, sumGauge: note, sumRate: note, quantileOf: note }
  for (const { lines } of operations.panels) for (const { createQuery } of lines) createQuery(terms)
  expect([...queried].sort()).toEqual(operations.metrics.map(({ name }) => name).sort())
})

test('the commands that doctor checks are exactly those that the README grants', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const [rights = ''] = /(?<=ACL SETUSER )[^`]+/.exec(readme) ?? []
  expect(Array.from(rights.matchAll(/\+(\S+)/g), ([, name]) => name)).toEqual(
    requiredCommands.map((command) => command.split(' ', 1)[0]),
  )
})
