import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../src/processes/temporary-folder'

const module = new URL('../dist/index.js', import.meta.url).href

/** A machine whose programs are in one folder: apt-get does what it is told, and writes down that it was called. */
function machineWith(aptGet: readonly string[]) {
  const folder = temporaryFolder()
  const program = (name: string, lines: readonly string[]) => {
    writeFileSync(folder.file(name), `#!/bin/sh\n${lines.join('\n')}\n`)
    chmodSync(folder.file(name), 0o755)
  }
  symlinkSync('/usr/bin/env', folder.file('env'))
  program('sudo', ['shift', 'exec "$@"'])
  program('apt-get', [`echo "$@" >> "${folder.file('calls')}"`, ...aptGet])
  return folder
}

/** Runs ensurePrograms in a process of that machine; resolves to what it printed on failure. */
async function ensureOn({ path }: { path: string }): Promise<string> {
  const code = `import('${module}').then((programs) => programs.ensurePrograms({ programs: ['redis-server', 'redis-cli'], packages: ['redis-server', 'redis-tools'] })).catch((error) => console.log(error.message))`
  const child = spawn(process.execPath, ['-e', code], {
    env: { PATH: path, TMPDIR: path },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [printed] = await Promise.all([text(child.stdout), once(child, 'exit')])
  return printed
}

test('where programs are missing, one of several processes installs it', async () => {
  const machine = machineWith([
    '[ "$1" = install ] || exit 0',
    'for name in redis-server redis-cli; do /bin/ln -s /bin/true "$TMPDIR/$name"; done',
  ])
  expect(await Promise.all([ensureOn(machine), ensureOn(machine), ensureOn(machine)])).toEqual(['', '', ''])
  expect(readFileSync(machine.file('calls'), 'utf8').trim().split('\n')).toEqual([
    'update',
    'install -y --no-install-recommends redis-server redis-tools',
  ])
  machine.remove()
})

test('where it cannot be installed, one line says what to do', async () => {
  const machine = machineWith(['exit 100'])
  expect(await ensureOn(machine)).toMatch(/^[^\n]*apt-get install redis-server[^\n]*\n$/)
  machine.remove()
})
