import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import type { describe as nodeDescribe, it as nodeIt } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, expectTypeOf, it, test } from 'vitest'
import type { TestRunner } from '../../src/index'

const suite = `
import { describe, it } from 'node:test'
import { memoryStore } from '@larder/memory'
import { storeConformance } from '../dist/index.js'
storeConformance(() => memoryStore({ maxEntries: 100 }), { describe, it })
`

test('storeConformance runs under node:test', async () => {
  const file = fileURLToPath(new URL('../../dist/under-node.mjs', import.meta.url))
  writeFileSync(file, suite)
  const { stdout } = await promisify(execFile)(process.execPath, ['--test', '--test-reporter=tap', file])
  expect(stdout).toMatch(/^# pass [1-9]\d*$/m)
  expect(stdout).toMatch(/^# fail 0$/m)
})

test('describe and it of vitest and node:test match TestRunner', () => {
  expectTypeOf({ describe, it }).toExtend<TestRunner>()
  expectTypeOf<{ describe: typeof nodeDescribe; it: typeof nodeIt }>().toExtend<TestRunner>()
})
