import { expect, test } from 'vitest'
import { rememberRecent } from '../src/quotas/remember-recent'

test('a text that is asked for again and again is computed once, and the number of values is bounded', () => {
  const computed: string[] = []
  const lengthOf = rememberRecent(10, (text) => {
    computed.push(text)
    return text.length
  })
  for (let at = 0; at < 100; at += 1) {
    expect(lengthOf('often')).toBe(5)
    lengthOf(`once ${at}`)
  }
  expect(computed.filter((text) => text === 'often')).toHaveLength(1)
  lengthOf('once 0')
  expect(computed.filter((text) => text === 'once 0')).toHaveLength(2)
})
