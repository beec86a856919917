// tier: long

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { temporaryFolder } from '@larder/servers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Application, createApplication } from '../src/application'
import { packPackages } from '../src/pack-packages'
import { npxArguments } from '../src/package-managers'
import { readPage } from '../src/page-programs'
import { type Registry, startRegistry } from '../src/registry'

let registry: Registry
beforeAll(async () => {
  registry = await startRegistry(packPackages(temporaryFolder().path))
})
afterAll(() => registry.close())

const wanted = ['@larder/core', '@larder/memory', '@larder/redis', '@larder/tiered', 'ioredis@6.0.0']
const printed = 'calls 2, refused true\n'

/** The responses of the application in `fixtures/hono`, as its client prints them. */
const responses = [
  '200, run 1, larder; fwd=miss; stored',
  '200, run 1, larder; hit; ttl',
  '304, no body, larder; hit; ttl',
  '206, run, larder; hit; ttl',
  '200, no body, larder; hit; ttl',
  '204, no body, none',
  '200, run 2, larder; fwd=miss; stored',
  '204, no body, none',
  '200, run 3, larder; fwd=miss; stored',
  '200, ada, run 1, larder; fwd=miss; stored',
  '200, bob, run 2, larder; fwd=miss; stored',
  '200, ada, run 1, larder; hit; ttl',
  'run 1',
  '',
].join('\n')

const wantedByHono = ['@larder/core', '@larder/memory', '@larder/hono', 'hono@4.13.19']

/** An application with the programs that use the packages, and nothing installed. */
function createEmptyApplication(): Application {
  const app = createApplication(registry, 'empty')
  for (const program of ['esm.mjs', 'commonjs.cjs'])
    app.write(program, readFileSync(new URL(`../fixtures/application/${program}`, import.meta.url), 'utf8'))
  return app
}

describe("Yarn with Plug'n'Play", () => {
  test('installs the packages, and both module formats run', async () => {
    const app = createEmptyApplication()
    const others = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim()
    app.write('yarn.lock', '')
    app.write(
      '.yarnrc.yml',
      [
        'nodeLinker: pnp',
        'enableTelemetry: false',
        `npmRegistryServer: ${others}`,
        `npmScopes: { larder: { npmRegistryServer: '${registry.url}' } }`,
        'unsafeHttpWhitelist: ["127.0.0.1"]',
      ].join('\n'),
    )
    const added = await app.run('npx', ...npxArguments('yarn', 'add', ...wanted))
    expect(added.code, added.output).toBe(0)
    expect(added.output).not.toMatch(/@larder\S* .*(doesn't provide|requests)/)
    for (const program of ['esm.mjs', 'commonjs.cjs']) {
      const run = await app.run('npx', ...npxArguments('yarn', 'node', program))
      expect(run).toEqual({ code: 0, output: printed })
    }
    app.remove()
  })
})

describe('pnpm 10', () => {
  test('installs the packages without a decision about scripts, also frozen', async () => {
    const app = createEmptyApplication()
    const added = await app.run('npx', ...npxArguments('pnpm', 'add', '--prefer-offline', ...wanted))
    expect(added.code, added.output).toBe(0)
    expect(added.output).not.toMatch(/ignored build/i)
    const frozen = await app.run('npx', ...npxArguments('pnpm', 'install', '--frozen-lockfile'))
    expect(frozen.code, frozen.output).toBe(0)
    expect(await app.run('node', 'esm.mjs')).toEqual({ code: 0, output: printed })
    app.remove()
  })
})

describe('Bun', () => {
  test('installs and runs the packages', async () => {
    const app = createEmptyApplication()
    const added = await app.run('npx', ...npxArguments('bun', 'add', ...wanted))
    expect(added.code, added.output).toBe(0)
    for (const program of ['esm.mjs', 'commonjs.cjs'])
      expect(await app.run('npx', ...npxArguments('bun', 'run', program))).toEqual({
        code: 0,
        output: printed,
      })
    app.remove()
  })

  test('serves responses from the cache by Hono, on its own server', async () => {
    const app = createApplication(registry, 'hono')
    const added = await app.run('npx', ...npxArguments('bun', 'add', ...wantedByHono))
    expect(added.code, added.output).toBe(0)
    expect(await app.run('npx', ...npxArguments('bun', 'run', 'server.mjs'))).toEqual({
      code: 0,
      output: responses,
    })
    app.remove()
  })
})

describe('Deno', () => {
  test('installs and runs the packages', async () => {
    const app = createEmptyApplication()
    const added = await app.run('npx', ...npxArguments('deno', 'add', ...wanted.map((name) => `npm:${name}`)))
    expect(added.code, added.output).toBe(0)
    for (const program of ['esm.mjs', 'commonjs.cjs']) {
      const run = await app.run('npx', ...npxArguments('deno', 'run', '--allow-all', '--quiet', program))
      expect(run).toEqual({ code: 0, output: printed })
    }
    app.remove()
  })

  test('serves responses from the cache by Hono, on its own server', async () => {
    const app = createApplication(registry, 'hono')
    const packages = wantedByHono.map((name) => `npm:${name}`)
    const added = await app.run('npx', ...npxArguments('deno', 'add', ...packages))
    expect(added.code, added.output).toBe(0)
    const run = await app.run('npx', ...npxArguments('deno', 'run', '--allow-all', '--quiet', 'server.mjs'))
    // Deno warns of listeners to the signal of a request.
    expect(run).toEqual({ code: 0, output: expect.stringContaining(responses) })
    app.remove()
  })

  test('runs the program of the README without any permission', async () => {
    const app = createEmptyApplication()
    const [, program = '', output] = /```js\n(.*?)```.*?```\n(.*?)```/s.exec(readPage('../README.md')) ?? []
    app.write('pasted.mjs', program)
    const added = await app.run('npm', 'install', '--prefer-offline', '@larder/core', '@larder/memory')
    expect(added.code, added.output).toBe(0)
    const run = ['run', '--no-prompt', '--node-modules-dir=manual', '--quiet', 'pasted.mjs']
    expect(await app.run('npx', ...npxArguments('deno', ...run))).toEqual({ code: 0, output })
    app.remove()
  })
})

test('workerd serves responses from the cache by Hono', async () => {
  const app = createApplication(registry, 'hono')
  const tools = ['miniflare@4.20260730.0', 'esbuild@0.27.7']
  const options = ['--prefer-offline', '--no-fund', '--no-audit']
  const installed = await app.run('npm', 'install', ...options, ...wantedByHono, ...tools)
  expect(installed.code, installed.output).toBe(0)
  // Without the flag nodejs_compat, the cache says which functions are missing.
  const run = await app.run('node', 'worker.mjs')
  expect(run).toEqual({ code: 0, output: expect.stringContaining(responses) })
  app.remove()
})
