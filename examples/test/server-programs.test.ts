// needs: redis
// tier: slow
import { freePort, type RedisServer, startRedis } from '@larder/servers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listDocs, listPublishedReadmes, needsServer, programsOf, runProgram, withoutAge } from './pages'

let redis: RedisServer
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())

test.each(programsOf([...listPublishedReadmes(), ...listDocs('guide', 'operate')]).filter(needsServer))(
  'the program of $name, pasted, prints what the page says, on other ports',
  async ({ program, output }) => {
    const port = await freePort()
    const here = program.replaceAll('6379', `${redis.port}`).replaceAll('3000', `${port}`)
    expect(await runProgram(here)).toEqual({ stdout: withoutAge(output), stderr: '' })
  },
)
