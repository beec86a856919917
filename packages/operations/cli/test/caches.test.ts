// needs: redis
import { createCache } from '@larder/core'
import { redisStore } from '@larder/redis'
import { provideRedis } from '@larder/servers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommandLine } from '../src/run-command-line'
import { createFakeTerminal } from './support/terminal'

const redis = provideRedis(beforeAll, afterAll)

/** A cache that has written to the server. */
async function useCache(name: string, prefix: string): Promise<void> {
  await using cache = createCache({ name, store: redisStore({ url: redis.url, prefix }) })
  await cache.set('key', 'value')
}

async function run(prefix: string, ...argv: string[]) {
  const terminal = createFakeTerminal()
  const code = await runCommandLine([...argv, '--prefix', prefix], { REDIS_URL: redis.url }, terminal)
  return { code, output: terminal.output, hints: terminal.hints.join('\n') }
}

test('a server without a cache says so, and says what else to write', async () => {
  expect(await run('none', 'caches')).toMatchObject({
    code: 0,
    output: 'No cache uses this server with the prefix none.\n',
  })
  expect(await run('none', 'keys')).toMatchObject({
    code: 2,
    hints: expect.stringContaining('Write: --url URL, or --prefix TEXT'),
  })
  const { code, output } = await run('none', 'doctor')
  expect(output).toContain('no process has opened a cache here. Caches on this server: none.')
  expect(code).toBe(0)
})

test('the only cache of a server needs no name', async () => {
  await useCache('shop', 'one')
  expect(await run('one', 'keys')).toMatchObject({ code: 0, output: 'key\n' })
})

test('several caches are listed, and a command asks which one is meant', async () => {
  await useCache('shop', 'two')
  await useCache('a shop: the other', 'two')
  expect(await run('two', 'caches')).toMatchObject({ code: 0, output: 'a shop: the other\nshop\n' })
  expect(await run('two', 'caches', '--json')).toMatchObject({
    output: '{"caches":["a shop: the other","shop"]}\n',
  })
  expect(await run('two', 'keys')).toMatchObject({
    code: 2,
    hints: expect.stringContaining('This server has several caches: a shop: the other, shop. Write: --name'),
  })
})
