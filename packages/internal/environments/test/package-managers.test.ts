// tier: slow
import { temporaryFolder } from '@larder/servers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApplication } from '../src/application'
import { packPackages } from '../src/pack-packages'
import { type Registry, startRegistry } from '../src/registry'

let registry: Registry
beforeAll(async () => {
  registry = await startRegistry(packPackages(temporaryFolder().path))
})
afterAll(() => registry.close())

const wanted = ['@larder/core', '@larder/memory', '@larder/redis', '@larder/tiered', 'ioredis@6.0.0']

describe('an installation of core, memory and Redis', () => {
  test('by npm warns of nothing and runs no script', async () => {
    const app = createApplication(registry, 'empty')
    const { code, output } = await app.run(
      'npm',
      'install',
      '--prefer-offline',
      '--no-fund',
      '--no-audit',
      ...wanted,
    )
    expect(code, output).toBe(0)
    expect(output).not.toMatch(/warn/i)
    expect(app.read('package-lock.json')).not.toMatch(
      /hasInstallScript|node_modules\/(@?msgpackr|lz4|lru-cache)/,
    )
  })

  test('by pnpm succeeds, also frozen, without a decision about scripts', async () => {
    const app = createApplication(registry, 'empty')
    const added = await app.run('pnpm', 'add', '--prefer-offline', ...wanted)
    expect(added.code, added.output).toBe(0)
    expect(added.output).not.toMatch(/warn|ignored build/i)
    const frozen = await app.run('pnpm', 'install', '--frozen-lockfile', '--prefer-offline')
    expect(frozen.code, frozen.output).toBe(0)
  })
})
