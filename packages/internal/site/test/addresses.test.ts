import { describe, expect, test } from 'vitest'
import { addressOf } from '../src/addresses'
import { sourceUrl } from '../src/repository'
import { resolveLink } from '../src/resolve-links'

test.each([
  ['docs/guide/tags.md', 'guide/tags.md'],
  ['docs/README.md', 'contents.md'],
  ['docs/decisions/README.md', 'decisions/index.md'],
  ['packages/core/README.md', 'packages/core.md'],
  ['packages/stores/redis/README.md', 'packages/redis.md'],
  ['packages/internal/site/README.md', undefined],
  ['packages/core/src/cache.ts', undefined],
])('the file %s stands on the site at %s', (path, address) => {
  expect(addressOf(path)).toBe(address)
})

describe('a link of docs/guide/tags.md', () => {
  test.each([
    ['freshness.md#jitter', '/guide/freshness.md#jitter'],
    ['../../packages/stores/redis', '/packages/redis.md'],
    ['../../packages/stores/redis/README.md#rights', '/packages/redis.md#rights'],
    ['../../README.md', '/'],
    ['#patterns', '#patterns'],
    ['https://redis.io', 'https://redis.io'],
    ['no-such-page.md', '/guide/no-such-page.md'],
    ['no-such-file.ts', 'no-such-file.ts'],
  ])('to %s leads to %s on the site', (link, expected) => {
    expect(resolveLink('docs/guide/tags.md', link)).toBe(expected)
  })

  test('to a source file leads to the repository', () => {
    const source = 'packages/core/src/errors.ts'
    expect(resolveLink('docs/guide/tags.md', `../../${source}`)).toBe(sourceUrl(source))
  })
})
