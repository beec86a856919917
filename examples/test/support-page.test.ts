import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './pages'

const textOf = (path: string) => readFileSync(join(root, path), 'utf8')
const page = textOf('docs/support.md')

/** The cells of the row of the page that begins with a name. */
function rowOf(name: string): string[] {
  const [line = ''] = page.match(new RegExp(`^\\| ${name} +\\|.*$`, 'm')) ?? []
  return line.split('|').map((cell) => cell.trim())
}

/** The versions of packages that the tests install: `express-4: npm:express@4.18.3` is `4.18`, `express: 5.3.0` is `5`. */
function versionsInCatalog(...names: readonly string[]): string {
  return names
    .map((name) => new RegExp(`^  ${name}: (.*)$`, 'm').exec(textOf('pnpm-workspace.yaml'))?.[1] ?? '')
    .map((range) => /@(\d+\.\d+)/.exec(range)?.[1] ?? /\d+/.exec(range)?.[0])
    .join(', ')
}

/** Every version that a pattern finds in a file, in order, each once. */
function versionsIn(path: string, pattern: RegExp): string {
  const found = [...textOf(path).matchAll(pattern)].map(([, version = '']) => version)
  return [...new Set(found)].sort((a, b) => Number(a) - Number(b)).join(', ')
}

const application = 'packages/internal/environments/fixtures/application/package.json'

test.each([
  ['Node', versionsIn('.github/workflows/test.yml', /(?<=node: \[.*)(\d+)/g)],
  ['TypeScript', versionsIn(application, /"typescript[\d.-]*": "(?:npm:typescript@)?(\d+\.\d+)/g)],
  ['ioredis', versionsInCatalog('ioredis-5', 'ioredis')],
  ['node-redis', versionsInCatalog('redis-5', 'redis')],
  ['Express', versionsInCatalog('express-4', 'express')],
  ['Fastify', versionsInCatalog('fastify')],
  ['Hono', versionsInCatalog('hono')],
  ['Koa', versionsInCatalog('koa-2', 'koa')],
])('the page about support says that the tests run %s %s', (name, versions) => {
  expect(rowOf(name)[3]).toBe(versions)
})

test('the page about support names the servers that the long tests start beside that of the machine', () => {
  const servers = textOf('packages/internal/servers/programs/newer-servers.js')
  const newer = [...servers.matchAll(/name: '(redis|valkey)-tools',\s+version: '(?:\d+:)?(\d+\.\d+)/g)]
  expect(newer).toHaveLength(2)
  for (const [, name, version] of newer)
    expect(rowOf('Redis')[3]?.toLowerCase()).toContain(`${name} ${version}`)
})

test('the page about support names the major version of every tool that an application is tested with', () => {
  const inApplication = /"(jest|rollup|vite|vitest|webpack)": "(\d+)/g
  const inFrameworks = /"(next|@nestjs\/core|typeorm|knex|prisma)": "(\d+)/g
  const managers = /(bun|deno|pnpm|yarn): '[^']*@(\d+)/g
  const fixtures = 'packages/internal/environments'
  const found = [
    ...textOf(application).matchAll(inApplication),
    ...['next', 'nest', 'typeorm', 'knex', 'prisma'].flatMap((fixture) => [
      ...textOf(`${fixtures}/fixtures/${fixture}/package.json`).matchAll(inFrameworks),
    ]),
    ...textOf(`${fixtures}/src/package-managers.ts`).matchAll(managers),
  ]
  const shown = { next: 'Next.js', '@nestjs/core': 'NestJS' } as const
  const missing = found
    .map(([, name = '', major]) => `${shown[name as keyof typeof shown] ?? name} ${major}`)
    .filter(
      (tool) =>
        !page
          .replaceAll(/ *\| */g, ' ')
          .toLowerCase()
          .includes(tool.toLowerCase()),
    )
  expect(found.length).toBeGreaterThan(9)
  expect(missing).toEqual([])
})

test('the page about support names the versions of every framework that its package allows', () => {
  const names = { Express: 'express', Fastify: 'fastify', Hono: 'hono', Koa: 'koa' }
  for (const [name, framework] of Object.entries(names)) {
    const manifest = textOf(`packages/frameworks/${framework}/package.json`)
    const { peerDependencies } = JSON.parse(manifest) as { peerDependencies: Record<string, string> }
    const versions = (peerDependencies[framework] ?? '')
      .replaceAll(/\^(\d+)\.0\.0/g, '$1')
      .replaceAll(/\^(\d+\.\d+)\.0/g, '$1 and newer')
      .replaceAll(' || ', ', ')
    expect(rowOf(name)[2]).toBe(versions)
  }
})
