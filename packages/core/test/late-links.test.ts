import { expect, test } from 'vitest'
import { applyLinkRecord, createTagGraph, linkRecord } from '../src/invalidation/tag-graph'

const openGraph = () => createTagGraph({ separator: ':', maxClosure: 10, maxLinks: 10 })
const recordAt = (change: 'link' | 'unlink', position: number) => ({
  ...linkRecord(change, 'child', 'parent'),
  position,
})

test('a removal of a link whose record arrives after that of a later link removes nothing', () => {
  const graph = openGraph()
  applyLinkRecord(graph, recordAt('link', 10))
  applyLinkRecord(graph, recordAt('link', 30))
  applyLinkRecord(graph, recordAt('unlink', 20))
  expect(graph.closureOf(['child'])).toEqual(['child', 'parent'])
  applyLinkRecord(graph, recordAt('unlink', 40))
  expect(graph.closureOf(['child'])).toEqual(['child'])
})

test('a removal that this process makes takes effect at once', () => {
  const graph = openGraph()
  applyLinkRecord(graph, recordAt('link', 10))
  expect(graph.unlink('child', 'parent')).toBe(true)
  expect(graph.closureOf(['child'])).toEqual(['child'])
})
