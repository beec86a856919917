import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cdnTagsOf, purgedNames } from '../../src/storage/cdn-tags'
import { tagOfGroup, tagOfTarget, tagOfUser } from '../../src/storage/response-tags'

/** Whether a purge after the invalidation of `tags` reaches a response with `carried`. */
function reaches(tags: readonly string[], carried: readonly string[]): boolean {
  const { names } = cdnTagsOf(carried)
  return purgedNames(tags).some((name) => names.includes(name))
}

describe('the names of tags in the field of a CDN', () => {
  test('are the tags with their ancestors, which end them too', () => {
    expect(cdnTagsOf(['org:7:jobs', 'org:7:users', 'news']).names).toEqual([
      'org:7:jobs',
      'org:7',
      'org',
      'org:7:users',
      'news',
    ])
  })

  test('are short for the target and for cache groups', () => {
    const tags = [tagOfTarget('http://a', `/${'long/'.repeat(100)}`), tagOfGroup('http://a', 'lists')]
    for (const name of cdnTagsOf(tags).names) expect(name).toMatch(/^~[a-z0-9]{1,11}$/)
    expect(reaches([tagOfTarget('http://a', '/b')], [tagOfTarget('http://a', '/a')])).toBe(false)
  })

  test('are encoded, so that they cannot end the field or start another name', () => {
    expect(cdnTagsOf(['a b', 'c,d', 'e\r\nset-cookie', '50%']).names).toEqual([
      'a%20b',
      'c%2Cd',
      'e%0D%0Aset-cookie',
      '50%25',
    ])
    expect(cdnTagsOf(['köln', '🥖', '\ud83e']).names).toEqual(['k%C3%B6ln', '%F0%9F%A5%96', '%EF%BF%BD'])
  })

  test('are those of families if there are too many, and one for all if there are too many families', () => {
    const ids = Array.from({ length: 2_000 }, (_, id) => id)
    expect(cdnTagsOf(ids.map((id) => `job:${id}`))).toEqual({ names: ['job:~all'], isCoarse: true })
    expect(cdnTagsOf(ids.map((id) => `job-${id}`))).toEqual({ names: ['~all'], isCoarse: true })
  })

  test('never exceed 4 000 characters, and each tag and each of its ancestors can be purged', () => {
    const tag = fc.array(fc.string({ minLength: 1, maxLength: 60, unit: 'binary' }), {
      minLength: 1,
      maxLength: 4,
    })
    fc.assert(
      fc.property(fc.array(tag, { minLength: 1, maxLength: 60 }), (carried) => {
        const tags = carried.map((segments) => segments.join(':'))
        expect(cdnTagsOf(tags).names.join(' ').length).toBeLessThanOrEqual(4_000)
        for (const text of tags) {
          const segments = text.split(':')
          for (let length = 1; length <= segments.length; length += 1)
            expect(reaches([segments.slice(0, length).join(':')], tags)).toBe(true)
        }
      }),
      { numRuns: 30 },
    )
  })
})

test('no name is purged for the responses of users, which are in no CDN', () => {
  expect(purgedNames([tagOfUser('ada')])).toEqual([])
  expect(purgedNames([tagOfUser('ada'), 'news'])).toEqual(['news', 'news:~all', '~all'])
})
