// needs: redis
// tier: long
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runScript } from '@larder/servers'
import { describe, expect, test } from 'vitest'

const programs = join(
  dirname(createRequire(import.meta.url).resolve('@larder/servers/package.json')),
  'programs',
)

/** Paths of the servers that the machine's own release of Debian lacks, by name. */
const servers = JSON.parse(
  execFileSync(process.execPath, [join(programs, 'install-newer-servers.js')], { encoding: 'utf8' }),
) as Record<string, string>

const suites = ['stores/redis', 'testing', 'services/rate-limit', 'services/sessions']

describe.each(Object.entries(servers))('on %s', (_, server) => {
  test.each(suites)(
    'the tests of %s pass as they do on Redis 7',
    async (suite) => {
      const script = pathToFileURL(join(programs, 'run-tests.js'))
      const cwd = join(import.meta.dirname, '../../..', suite)
      const { code, output } = await runScript(script, [], { cwd, env: { LARDER_REDIS_SERVER: server } })
      expect(code, output).toBe(0)
    },
    900_000,
  )
})
