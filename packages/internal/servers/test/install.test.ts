import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { type TemporaryFolder, temporaryFolder } from '../src/index'

const script = fileURLToPath(new URL('../programs/install.js', import.meta.url))
const installRedis = 'for name in redis-server redis-cli; do /bin/ln -sf /bin/true "$FOLDER/$name"; done'

const folders: TemporaryFolder[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove()
})

/**
 * A machine with none of the programs on its PATH. Its `apt-get` runs these lines of shell and records its calls; without
 * lines, there is none.
 */
function createMachine(aptGet: readonly string[] | undefined) {
  const folder = temporaryFolder()
  folders.push(folder)
  chmodSync(folder.path, 0o755)
  const addCommand = (name: string, lines: readonly string[]) => {
    writeFileSync(folder.file(name), `#!/bin/sh\n${lines.join('\n')}\n`)
    chmodSync(folder.file(name), 0o755)
  }
  symlinkSync('/usr/bin/env', folder.file('env'))
  if (aptGet !== undefined) {
    // For a user who is not root: `sudo -n COMMAND`.
    symlinkSync('/bin/true', folder.file('true'))
    addCommand('sudo', ['shift', 'exec "$@"'])
    addCommand('apt-get', [
      '[ "$1" = --version ] && exit 0',
      `echo "$5" >> "${folder.file('calls')}"`,
      ...aptGet,
    ])
  }
  const calls = () =>
    existsSync(folder.file('calls')) ? readFileSync(folder.file('calls'), 'utf8').trim().split('\n') : []

  /** Runs the installing script there, for Redis alone. */
  async function install(env: NodeJS.ProcessEnv = {}) {
    const child = spawn(process.execPath, [script, 'redis', '--retry-after', '1'], {
      env: { PATH: folder.path, FOLDER: folder.path, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const [output, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
    return { output, code: code as number }
  }
  return { install, calls, addCommand, folder }
}

describe('the script that installs the programs of the tests', () => {
  test('says what it installs, why, how far it is and how long it took, and does nothing the second time', async () => {
    const machine = createMachine([
      '[ "$5" = install ] || exit 0',
      'for percent in 10 60 100; do echo "dlstatus:1:$percent:Retrieving"; /bin/sleep 0.1; done',
      'echo "pmstatus:redis-server:50:Unpacking"',
      installRedis,
    ])
    const first = await machine.install()
    expect(first.code).toBe(0)
    expect(first.output).toMatch(
      /^redis-server and redis-cli \(tests of the Redis store .*\): installing …$/m,
    )
    expect(first.output).toMatch(/installing 50 %$/m)
    expect(first.output).toMatch(/: installed in \d+ s\.$/m)
    expect(machine.calls()).toEqual(['update', 'install'])

    const second = await machine.install()
    expect(second.output).toBe('Programs for tests: redis.\n')
    expect(machine.calls()).toEqual(['update', 'install'])
  })

  test('tries again when the package manager fails once', async () => {
    const machine = createMachine([
      '[ "$5" = install ] || exit 0',
      'if [ ! -e "$FOLDER/tried" ]; then : > "$FOLDER/tried"; echo "404 Not Found"; exit 100; fi',
      installRedis,
    ])
    expect(await machine.install({ CI: 'true' })).toMatchObject({ code: 0 })
    expect(machine.calls()).toEqual(['update', 'install', 'update', 'install'])
  })

  test('installs although one of several package sources does not answer', async () => {
    const machine = createMachine(['[ "$5" = install ] || exit 100', installRedis])
    expect(await machine.install({ CI: 'true' })).toMatchObject({ code: 0 })
  })

  test('says what to install by hand when the package manager keeps failing', async () => {
    const machine = createMachine(['echo "E: Unable to locate package"; exit 100'])
    const { output, code } = await machine.install()
    expect(output).toMatch(
      /not installed: E: Unable to locate package\. .*"apt-get install redis-server redis-tools"/,
    )
    expect(code).toBe(0)
  })

  test('says what to install by hand where there is no package manager, and fails for that in CI only', async () => {
    const machine = createMachine(undefined)
    const { output, code } = await machine.install()
    expect(output).toMatch(/missing, and there is no apt-get\. Install by hand.*redis-server redis-tools/)
    expect(code).toBe(0)
    expect((await machine.install({ CI: 'true' })).code).toBe(1)
  })

  test('does not take a program for installed that does not start', async () => {
    const machine = createMachine(['[ "$5" = install ] || exit 0'])
    machine.addCommand('redis-server', ['exit 1'])
    const { output } = await machine.install()
    expect(output).toContain('not installed: it does not start.')
  })

  test('refuses the name of a program that it does not know', async () => {
    const child = spawn(process.execPath, [script, 'memcached'], { stdio: ['ignore', 'ignore', 'pipe'] })
    const [output, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
    expect(output).toContain('Known are redis, openssl, prometheus, chromium, nginx.')
    expect(code).toBe(2)
  })
})
