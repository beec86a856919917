// needs: redis
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { adminHandler } from '@larder/admin'
import { type Cache, createCache } from '@larder/core'
import { webHandler } from '@larder/express'
import { redisStore } from '@larder/redis'
import { provideRedis, until } from '@larder/servers'
import express from 'express'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { root } from './pages'

/** The position of the byte whose upper half is the version of the format of an entry. */
const versionByte = 8

const page = readFileSync(join(root, 'docs/operate/upgrades.md'), 'utf8')
const commands = [...page.matchAll(/^```sh\n(.*?)^```$/gms)]
  .flatMap(([, block = '']) => block.trim().split('\n'))
  .filter((line) => line.startsWith('larder '))

const server = provideRedis(beforeAll, afterAll)

/** Opens the cache of one release. */
const openCache = () => createCache({ name: 'shop', store: redisStore({ url: server.url }), ttl: '1h' })

/** Gives the entries on the server the version before this one, as a process of an older release writes them. */
async function ageEntries(client: Redis): Promise<void> {
  for (const key of await client.keys('*product:*')) {
    const bytes = await client.getBuffer(key)
    if (bytes === null) continue
    bytes[versionByte] = (bytes[versionByte] ?? 0) - 16
    await client.set(key, bytes)
  }
}

/** Mounts the admin API of a process, and returns its address. */
async function serveAdmin(cache: Cache): Promise<string> {
  const authorize = (request: Request) =>
    request.headers.get('authorization') === 'Bearer secret' && { may: 'write' as const }
  const listening = express()
    .use('/larder', webHandler(adminHandler({ caches: cache, authorize })))
    .listen(0)
  onTestFinished(() => void listening.close())
  await once(listening, 'listening')
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}/larder`
}

test('the commands of an upgrade work beside entries of another release, and its rollback removes them', async () => {
  const client = new Redis(server.url)
  onTestFinished(() => client.disconnect())
  await using upgraded = openCache()
  await upgraded.set('product:42', 'Tea', { tags: ['prices'] })
  await upgraded.set('product:43', 'Rice', { tags: ['prices'] })
  await ageEntries(client)
  await upgraded.set('product:44', 'Salt')
  const unreadable: string[] = []
  upgraded.on('unreadable', ({ reason }) => unreadable.push(reason))
  expect(await upgraded.get('product:43')).toBeUndefined()
  expect(unreadable).toEqual(['unknown-version'])

  const admin = await serveAdmin(upgraded)
  const outputs = new Map<string, string>()
  for (const command of commands) {
    const { stdout } = await promisify(execFile)('sh', ['-ec', command], {
      env: {
        PATH: [join(root, 'examples/node_modules/.bin'), process.env.PATH].join(delimiter),
        REDIS_URL: server.url,
        LARDER_NAME: 'shop',
        LARDER_ADMIN: admin,
        LARDER_AUTHORIZATION: 'Bearer secret',
      },
    })
    outputs.set(command, stdout)
  }
  expect([...outputs.keys()]).toEqual(commands)
  expect(outputs.get('larder doctor')).toContain('0 failed')
  expect(outputs.get('larder errors')).toContain('No errors')
  expect(outputs.get('larder get product:42')).toContain('miss (unreadable)')
  expect(outputs.get('larder get product:42')).toContain('unknown-version')
  await until('the cache is empty', async () => (await upgraded.get('product:44')) === undefined)
})
