// needs: redis
import { readFile } from 'node:fs/promises'
import type { ServiceRequest, ServiceServer } from '@larder/core'
import { provideRedis } from '@larder/servers'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createLocalSessions, createSessions, type Sessions } from '../src/index'
import { operations } from '../src/operations'
import { requiredCommands } from '../src/operations/required-commands'

const server = provideRedis(beforeAll, afterAll)

const commandLine: ServiceServer = {
  prefix: 'larder',
  name: 'shop',
  async call(command, ...args) {
    const reply = await server.command(command, ...args.map(String))
    return command === 'get' ? reply : reply.split('\n')
  },
  async readInfo() {
    const lines = (await server.command('INFO')).split(/\r?\n/)
    return new Map(lines.map((line) => line.split(':', 2) as [string, string]))
  },
  findKeys: async (pattern) =>
    (await server.command('KEYS', pattern)).split('\n').filter((key) => key !== ''),
}

let sessions: Sessions
beforeEach(async () => {
  await server.command('FLUSHALL')
  sessions = createSessions({ name: 'shop', url: server.url, storeTimeout: '20s' })
})
afterEach(() => sessions.close())

/** Asks the admin API for a view, or for a change. */
function ask(path: string, { user = '', subjects = [] as string[] } = {}): Promise<unknown> | undefined {
  const request: ServiceRequest = {
    query: new URLSearchParams({ user }),
    readBody: async () => ({ user }),
    perform(of, act) {
      subjects.push(...of)
      return act()
    },
  }
  return sessions.service.resources.find((resource) => resource.path === path)?.handle(request)
}

test('the metrics of sessions are those that alerts and panels are made of', async () => {
  const local = createLocalSessions()
  const durations: unknown[] = []
  for (const instrument of local.service.instruments)
    if (instrument.kind === 'histogram') instrument.listen((_, labels) => durations.push(labels))
  const session = await local.create({}, { user: 'ann' })
  await local.read(session.id)
  await local.read('of nobody')
  session.data.a = 1
  await session.save()
  await session.renew()
  await session.revoke()
  const values = local.service.instruments.map((instrument) => {
    const observed: unknown[] = []
    if (instrument.kind !== 'histogram')
      instrument.read((value, labels) => observed.push([value, ...Object.values(labels ?? {})]))
    return [instrument.name, observed]
  })
  expect(Object.fromEntries(values)).toEqual({
    'session.reads': [
      [1, 'found'],
      [1, 'missing'],
      [0, 'unreadable'],
    ],
    'session.changes': [
      [1, 'created'],
      [1, 'saved'],
      [1, 'renewed'],
      [1, 'revoked'],
      [0, 'conflicts'],
    ],
    'session.unavailable': [[0]],
    'session.duration': [],
    'session.circuit.open': [[0]],
  })
  expect(durations).toEqual(
    ['create', 'read', 'read', 'save', 'renew', 'revoke'].map((of) => ({ 'session.operation': of })),
  )
  expect(operations.metrics.map(({ name }) => name)).toEqual(values.map(([name]) => name))
})

test('the admin API counts sessions, and lists those of a user without ids and data', async () => {
  const { id, handle } = await sessions.create({ secret: 'tea' }, { user: 'ann', label: 'Firefox' })
  await sessions.create({})
  expect(await ask('count')).toMatchObject({ active: 2, stats: { created: 2 } })
  const listed = await ask('of-user', { user: 'ann' })
  expect(listed).toMatchObject({ sessions: [{ handle, label: 'Firefox' }] })
  const text = JSON.stringify([listed, sessions.service])
  expect(text).not.toContain(id)
  expect(text).not.toContain('tea')
  await expect(ask('of-user')).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
})

test('the admin API ends all sessions of a user, which is recorded', async () => {
  const { id } = await sessions.create({}, { user: 'ann' })
  const subjects: string[] = []
  expect(await ask('revoke-all', { user: 'ann', subjects })).toEqual({ revoked: 1 })
  expect(subjects).toEqual(['ann'])
  expect(await sessions.read(id)).toBeUndefined()
  await expect(ask('revoke-all')).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
})

test('the command line counts sessions and users, and lists the devices of one', async () => {
  const { handle } = await sessions.create({}, { user: 'ann', label: 'Firefox' })
  const ended = await sessions.create({}, { user: 'ann' })
  await sessions.create({}, { user: 'bob' })
  await ended.revoke()
  expect((await operations.inspect(commandLine, undefined)).data).toEqual({ active: 2, users: 2 })
  expect((await operations.inspect(commandLine, 'ann')).data).toMatchObject({
    sessions: [{ handle, label: 'Firefox' }],
  })
  expect((await operations.inspect({ ...commandLine, name: 'sh*' }, undefined)).data).toEqual({
    active: 0,
    users: 0,
  })
})

test('doctor warns of a server that evicts sessions or forgets them, and is silent where there are none', async () => {
  const [check] = operations.checks
  expect(await check?.run(commandLine)).toBeUndefined()
  await sessions.create({})
  expect(await check?.run(commandLine)).toMatchObject({
    status: 'warn',
    found: expect.stringMatching(/append-only file/),
  })
  await server.command('CONFIG', 'SET', 'appendonly', 'yes')
  expect(await check?.run(commandLine)).toMatchObject({ status: 'ok' })
  await server.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru')
  expect(await check?.run(commandLine)).toMatchObject({ status: 'ok' })
  await server.command('CONFIG', 'SET', 'maxmemory', '100mb')
  expect(await check?.run(commandLine)).toMatchObject({
    status: 'warn',
    found: expect.stringMatching(/evicts/),
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
