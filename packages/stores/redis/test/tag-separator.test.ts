// needs: redis
import { createCache } from '@larder/core'
import { provideRedis } from '@larder/servers'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { redisStore } from '../src/index'

const server = provideRedis(beforeAll, afterAll)
let client: Redis

beforeAll(async () => {
  client = new Redis(server.port)
})

afterAll(async () => {
  client.disconnect()
})

/** Opens a process's cache, and collects its warnings. */
async function openProcess(name: string, tagSeparator?: string) {
  const cache = createCache({ name, store: redisStore({ client }), tagSeparator })
  const warnings: string[] = []
  cache.on('warning', ({ message }) => warnings.push(message))
  await cache.ready()
  return { cache, warnings, [Symbol.asyncDispose]: () => cache.close() }
}

describe('two processes with different tag separators', () => {
  test.each([
    [':', '/'],
    ['', ':'],
    ['::', ''],
  ])('the first has %j and is not warned, the second has %j and is', async (one, another) => {
    const name = `separators ${one} ${another}`
    await using first = await openProcess(name, one)
    await using second = await openProcess(name, another)
    expect(first.warnings).toEqual([])
    expect(second.warnings).toEqual([
      expect.stringContaining(`tagSeparator is '${another}' here and '${one}' in other processes`),
    ])
  })

  test('agree once the cache was cleared by one of them', async () => {
    await using first = await openProcess('cleared', ':')
    await using second = await openProcess('cleared', '/')
    await second.cache.clear()
    await using third = await openProcess('cleared', '/')
    await using fourth = await openProcess('cleared', ':')
    expect(first.warnings).toEqual([])
    expect(third.warnings).toEqual([])
    expect(fourth.warnings).toHaveLength(1)
  })
})

test('processes with the same tag separator are not warned', async () => {
  await using first = await openProcess('same')
  await using second = await openProcess('same')
  expect([...first.warnings, ...second.warnings]).toEqual([])
})
