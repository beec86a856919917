// needs: redis
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RedisCluster, startCluster, until } from '../src/index'
import { tracesOf } from './support/alive'

let cluster: RedisCluster
let traces: () => readonly string[]

beforeAll(async () => {
  cluster = await startCluster()
  traces = await tracesOf(cluster.nodes)
})

afterAll(async () => {
  await cluster.close()
  expect(traces()).toEqual([])
})

test('every key is accepted by its primary, and the slots are spread over three primaries', async () => {
  for (const key of ['a', 'b', 'c', 'd']) {
    const owner = await cluster.primaryOf(key)
    expect(await owner.command('SET', key, '1')).toBe('OK')
  }
  const owners = await Promise.all([0, 8_000, 16_383].map((slot) => cluster.primaryOf(slot)))
  expect(new Set(owners.map(({ port }) => port)).size).toBe(3)
})

test('each primary has a connected replica when startCluster resolves', async () => {
  const roles = await Promise.all(cluster.nodes.map((node) => node.command('ROLE')))
  expect(roles.filter((role) => role.startsWith('master'))).toHaveLength(3)
  expect(roles.filter((role) => /^slave[\s\S]*connected/.test(role))).toHaveLength(3)
})

test('a replica replaces a killed primary, which returns as a replica after a restart', async () => {
  const before = await cluster.primaryOf('k')
  await before.kill()
  await until('another node owns the slot', async () => (await cluster.primaryOf('k')).port !== before.port)
  const after = await cluster.primaryOf('k')
  await until('it takes writes', async () => (await after.command('SET', 'k', '1')) === 'OK')
  await before.restart()
  await until('the old one follows', async () => (await before.command('ROLE')).startsWith('slave'))
})

test('options set the number of replicas', async () => {
  await using small = await startCluster({ replicas: 0 })
  expect(small.nodes).toHaveLength(3)
  expect(await (await small.primaryOf('k')).command('SET', 'k', '1')).toBe('OK')
})
