import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { type TemporaryFolder, temporaryFolder } from '../src/index'

const script = fileURLToPath(new URL('../programs/run-tests.js', import.meta.url))

const folders: TemporaryFolder[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove()
})

/** A package with one test file of each kind. Its vitest prints its arguments; Redis is the one program it has. */
function createPackage() {
  const folder = temporaryFolder()
  folders.push(folder)
  mkdirSync(folder.file('test'))
  const addFile = (name: string, header: string) =>
    writeFileSync(folder.file(`test/${name}.test.ts`), `${header}\ntest()`)
  addFile('plain', "import { test } from 'vitest'")
  addFile('server', '// needs: redis')
  addFile('browser', '// needs: redis, chromium')
  addFile('heavy', '// tier: slow')
  addFile('matrix', '// needs: redis\n// tier: long')
  addFile('late', "import { test } from 'vitest'\n// needs: chromium")
  for (const name of ['redis-server', 'redis-cli', 'vitest']) {
    writeFileSync(folder.file(name), '#!/bin/sh\n[ "$1" = --version ] || echo "$@"\n')
    chmodSync(folder.file(name), 0o755)
  }

  return async (words: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const child = spawn(process.execPath, [script, ...words], {
      cwd: folder.path,
      env: { PATH: folder.path, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
    const args = /^run (.*)$/m.exec(output)?.[1]?.split(' ') ?? []
    const paths = args.filter((arg) => !arg.startsWith('--'))
    const ran = paths.map((path) => path.slice('test/'.length, -'.test.ts'.length))
    return { output, args, ran, code: code as number }
  }
}

describe('the script that runs the tests of a package', () => {
  test('runs all but the long ones, and names those whose programs are missing', async () => {
    const { output, ran, code } = await createPackage()([])
    expect(ran).toEqual(['heavy', 'late', 'plain', 'server'])
    expect(output).toContain('not run: test/browser.test.ts needs redis and chromium')
    expect(code).toBe(0)
  })

  test('fails in CI where a program is missing', async () => {
    expect((await createPackage()([], { CI: 'true' })).code).toBe(1)
  })

  test('with --quick, runs those that start no program and take little time', async () => {
    expect((await createPackage()(['--quick'])).ran).toEqual(['late', 'plain'])
  })

  test('with --long, runs the long ones alone', async () => {
    expect((await createPackage()(['--long'])).ran).toEqual(['matrix'])
  })

  test('selects files by a part of their path, and hands flags to vitest', async () => {
    const { ran, args } = await createPackage()(['pla', '--bail=1'])
    expect(ran).toEqual(['plain'])
    expect(args).toContain('--bail=1')
  })
})
