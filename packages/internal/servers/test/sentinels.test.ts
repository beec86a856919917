// needs: redis
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RedisSentinels, startSentinels, until } from '../src/index'
import { tracesOf } from './support/alive'

let topology: RedisSentinels
let traces: () => readonly string[]

beforeAll(async () => {
  topology = await startSentinels({ replicas: 2 })
  traces = await tracesOf(topology.servers)
})

afterAll(async () => {
  await topology.close()
  expect(traces()).toEqual([])
})

test('a write on the primary is replicated to both replicas', async () => {
  expect(topology.sentinels).toHaveLength(3)
  expect(topology.servers).toHaveLength(3)
  const primary = await topology.primary()
  await primary.command('SET', 'k', '1')
  expect(await primary.command('WAIT', '2', '5000')).toBe('2')
})

test('failover promotes a replica that accepts writes', async () => {
  const before = await topology.primary()
  const after = await topology.failover()
  expect(after.port).not.toBe(before.port)
  expect(await topology.primary()).toBe(after)
  expect(await after.command('SET', 'k', '2')).toBe('OK')
})

test('a killed primary is replaced by a replica that accepts writes', async () => {
  const before = await topology.primary()
  await before.kill()
  await until('another server is the primary', async () => (await topology.primary()).port !== before.port)
  const after = await topology.primary()
  await until('it takes writes', async () => (await after.command('SET', 'k', '3')) === 'OK')
})
