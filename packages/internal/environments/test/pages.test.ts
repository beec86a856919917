// needs: redis
// tier: long
import { execFileSync } from 'node:child_process'
import { freePort, type RedisServer, startRedis, temporaryFolder } from '@larder/servers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listDocs, listPublishedReadmes, programsOf, withoutAge } from '../../../../examples/test/pages'
import { createApplication } from '../src/application'
import { packPackages } from '../src/pack-packages'
import { type Registry, startRegistry } from '../src/registry'

let registry: Registry
let redis: RedisServer
const home = temporaryFolder()
const others = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim()

beforeAll(async () => {
  registry = await startRegistry(packPackages(temporaryFolder().path))
  redis = await startRedis()
})
afterAll(async () => {
  registry.close()
  await redis.stop()
  home.remove()
})

test.each(programsOf([...listPublishedReadmes(), ...listDocs('guide', 'operate')]))(
  'the program of $name, pasted into a new folder after its command for npm, prints what the page says',
  async ({ installed, program, output }) => {
    const app = createApplication(registry, 'empty')
    const newUser = [`HOME=${home.path}`, `npm_config_registry=${others}`]
    const added = await app.run('env', ...newUser, 'npm', 'install', '--no-audit', '--no-fund', ...installed)
    expect(added.code, added.output).toBe(0)
    const port = await freePort()
    app.write('pasted.mjs', program.replaceAll('6379', `${redis.port}`).replaceAll('3000', `${port}`))
    const { code, output: printed } = await app.run('env', ...newUser, 'node', 'pasted.mjs')
    expect({ code, output: withoutAge(printed) }).toEqual({ code: 0, output: withoutAge(output) })
    app.remove()
  },
)
