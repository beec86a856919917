import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { allowedDifferences } from '../src/index'

const page = readFileSync(new URL('../../../../docs/guide/http-differences.md', import.meta.url), 'utf8')

/** The cells of the table: number, difference and section. */
const rows = page
  .split('\n')
  .filter((line) => /^\| +\d/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))

test('the page lists the differences that the differential test allows, and no other', () => {
  const listed = rows.map(([, , difference, section]) => ({
    difference,
    section: section?.match(/RFC [^\]]*/)?.[0],
  }))
  expect(listed).toEqual(allowedDifferences.map(({ difference, section }) => ({ difference, section })))
})

test('there are at most twelve of them, and each names the section of an RFC', () => {
  expect(allowedDifferences.length).toBeLessThanOrEqual(12)
  for (const { section } of allowedDifferences) expect(section).toMatch(/^RFC \d{4} §\d+(?:\.\d+)*$/)
})

test('none of them is in the type or coding of a body, Set-Cookie, or Vary', () => {
  for (const { addedLines, fieldsOfHit } of allowedDifferences)
    for (const name of ['content-type', 'content-encoding', 'set-cookie', 'vary']) {
      expect(`${name}: a\r\n`.search(addedLines ?? /^$/)).toBe(-1)
      expect(name).not.toMatch(fieldsOfHit ?? /^$/)
    }
})
