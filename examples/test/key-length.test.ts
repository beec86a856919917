import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { expect, test } from 'vitest'
import { root } from './pages'

/** Where pages say how long a key may be to be stored in full. */
const statements: readonly (readonly [page: string, statement: RegExp])[] = [
  ['names.md', /More than ([\d ]+) characters are stored as their beginning/],
  ['limits.md', /stored in full up to ([\d ]+) characters/],
  ['serverless.md', /keys of more than ([\d ]+) characters/],
  ['values.md', /one of more than ([\d ]+) characters is stored as its beginning/],
]

test.each(statements)('%s says how many characters of a key are stored in full', async (page, statement) => {
  const [, digits = ''] = statement.exec(readFileSync(join(root, 'docs/guide', page), 'utf8')) ?? []
  const length = Number(digits.replaceAll(' ', ''))
  const cache = createCache({ name: 'keys', store: memoryStore() })
  await cache.set('k'.repeat(length), 1)
  await cache.set('l'.repeat(length + 1), 1)
  const { keys } = await cache.keys()
  expect(keys.map(({ key }) => key).sort()).toEqual([
    'k'.repeat(length),
    expect.stringMatching(/^l+… sha256:/),
  ])
})
