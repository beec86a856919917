import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createCache } from '@larder/core'
import { storeConformance } from '@larder/testing'
import { describe, expect, it, test } from 'vitest'
import { mapStore } from '../src/own-store/map-store'
import { root } from './pages'

describe('the store of the guide', () => {
  storeConformance(() => mapStore(100), { describe, it })

  test('keeps the values of a cache', async () => {
    await using cache = createCache({ name: 'own', store: mapStore() })
    let runs = 0
    const compute = () => {
      runs += 1
      return 'value'
    }
    expect(await cache.getOrCompute('k', compute)).toBe('value')
    expect(await cache.getOrCompute('k', compute)).toBe('value')
    expect(runs).toBe(1)
  })

  test('is shown in the guide as it is tested', () => {
    const page = readFileSync(join(root, 'docs/guide/writing-a-store.md'), 'utf8')
    const source = readFileSync(join(root, 'examples/src/own-store/map-store.ts'), 'utf8')
    const withoutImport = source.slice(source.indexOf('\n'))
    expect(withoutImport).toContain('mapStore')
    expect(page).toContain(withoutImport)
  })
})
