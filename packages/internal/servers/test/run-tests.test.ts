import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { type TemporaryFolder, temporaryFolder } from '../src/index'

const script = fileURLToPath(new URL('../programs/run-tests.js', import.meta.url))

const folders: TemporaryFolder[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove()
})

/**
 * A package with one test file of each kind. Its vitest prints its arguments and ends as the shell command `outcome` does;
 * Redis is the one program it has.
 */
function createPackage(outcome = 'true') {
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
    const end = name === 'vitest' ? outcome : 'true'
    writeFileSync(folder.file(name), `#!/bin/sh\n[ "$1" = --version ] && exit\necho "$@"\n${end}\n`)
    chmodSync(folder.file(name), 0o755)
  }

  return async (words: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const child = spawn(process.execPath, [script, ...words], {
      cwd: folder.path,
      env: { PATH: folder.path, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
    const runs = [...output.matchAll(/^run (.*)$/gm)].map(([, line]) => {
      const args = line?.split(' ') ?? []
      const paths = args.filter((arg) => !arg.startsWith('--'))
      return { args, files: paths.map((path) => path.slice('test/'.length, -'.test.ts'.length)) }
    })
    return { output, runs, ran: runs.flatMap(({ files }) => files), code: code as number }
  }
}

describe('the script that runs the tests of a package', () => {
  test('runs all but the long ones, and names those whose programs are missing', async () => {
    const { output, ran, code } = await createPackage()([])
    expect(ran.sort()).toEqual(['heavy', 'late', 'plain', 'server'])
    expect(output).toContain('not run: test/browser.test.ts needs redis and chromium')
    expect(code).toBe(0)
  })

  test('runs quick files on all processors, and those that start programs or take long one after the other', async () => {
    const { runs } = await createPackage()([])
    expect(runs.map(({ files }) => files)).toEqual([
      ['late', 'plain'],
      ['heavy', 'server'],
    ])
    expect(runs[0]?.args).toContain(`--maxWorkers=${availableParallelism()}`)
    expect(runs[1]?.args).toContain('--maxWorkers=1')
  })

  test('runs the other files after a quick one has failed, and fails', async () => {
    const { runs, code } = await createPackage('[ "$2" = --maxWorkers=1 ]')([])
    expect(runs).toHaveLength(2)
    expect(code).toBe(1)
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
    const { ran, runs } = await createPackage()(['pla', '--bail=1'])
    expect(ran).toEqual(['plain'])
    expect(runs[0]?.args).toContain('--bail=1')
  })
})
