import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addressOf } from '../src/index'

describe('one identity for all forms of an address (express-rate-limit#234)', () => {
  test.each([
    ['1.2.3.4:5678', '1.2.3.4'],
    ['::ffff:1.2.3.4', '1.2.3.4'],
    ['::ffff:102:304', '1.2.3.4'],
    ['[::ffff:1.2.3.4]:80', '1.2.3.4'],
    ['64:ff9b::1.2.3.4', '1.2.3.4'],
    ['[2001:db8::1]:80', '2001:db8::1'],
    ['2001:0DB8:0000::0001', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[fe80::1%eth0]:443', 'fe80::1'],
  ])('%s is %s', (form, plain) => {
    expect(addressOf(form)).toBe(addressOf(plain))
  })
})

test('all addresses of one /64 share an identity, and those of the next do not', () => {
  const addresses = Array.from(
    { length: 2_000 },
    (_, index) => `2001:db8:1:2:${index.toString(16)}::${index + 1}`,
  )
  expect(new Set(addresses.map((address) => addressOf(address)))).toEqual(new Set(['2001:db8:1:2::/64']))
  expect(addressOf('2001:db8:1:3::1')).not.toBe('2001:db8:1:2::/64')
})

test.each([
  [56, '2001:db8:1:200::/56'],
  [48, '2001:db8:1::/48'],
  [128, '2001:db8:1:2ff:0:0:0:1'],
])('with ipv6Prefix %i, 2001:db8:1:2ff::1 is %s', (ipv6Prefix, expected) => {
  expect(addressOf('2001:db8:1:2ff::1', { ipv6Prefix })).toBe(expected)
})

test('any eight groups, however they are shortened, are one identity with their long form', () => {
  const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }))
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const long = groups.map((one) => one.toString(16).padStart(4, '0')).join(':')
      const short = new URL(`http://[${long}]/`).hostname
      expect(addressOf(short, { ipv6Prefix: 128 })).toBe(addressOf(long, { ipv6Prefix: 128 }))
    }),
  )
})

test.each([undefined, '', 'unknown', '1.2.3', '999.1.1.1', '::g', 'a, b', '1.2.3.4, 5.6.7.8', null, {}])(
  'anything else is refused rather than counted as one: %o',
  (address) => {
    expect(() => addressOf(address as never)).toThrow('takes the address of a client, such as req.ip')
  },
)

test.each([0, 31, 129, 64.5, '64'])('ipv6Prefix must be a number of bits: %o', (ipv6Prefix) => {
  expect(() => addressOf('::1', { ipv6Prefix: ipv6Prefix as never })).toThrow('from 32 to 128')
})
