import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { redisStore } from '../src/index'
import { openStore } from './support/open-store'

test('prefix and database are a part of what a seal covers', async () => {
  const placeOf = async (prefix: string | undefined, db: number) => {
    const client = new Redis({ lazyConnect: true, db })
    const store = openStore(redisStore(prefix === undefined ? { client } : { client, prefix }), 'shop')
    const place = store.shared[0]?.place
    await store.close()
    client.disconnect()
    return place
  }
  expect(await placeOf('live', 0)).toBe('["live",0]')
  expect(await placeOf('live', 1)).toBe('["live",1]')
  expect(await placeOf('staging', 0)).toBe('["staging",0]')
  expect(await placeOf(undefined, 0)).toBe('["larder",0]')
})
