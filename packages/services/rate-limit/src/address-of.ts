import { isIPv4, isIPv6 } from 'node:net'
import { checkOptions, kindOf, LarderError, type OptionTable } from '@larder/core'

/** Options of {@link addressOf}. */
export interface AddressOptions {
  /** How many bits of an IPv6 address count: a customer has at least 64 bits of addresses, and often 56. @defaultValue 64 */
  readonly ipv6Prefix?: number | undefined
}

const addressTable: OptionTable<AddressOptions> = {
  ipv6Prefix: kindOf(
    'a whole number from 32 to 128, such as 56',
    (value) => Number.isInteger(value) && (value as number) >= 32 && (value as number) <= 128,
  ),
}

/**
 * The address to count requests by: an IPv4 address whole, an IPv6 address by its first bits, IPv4 within IPv6 as IPv4; without
 * port, zone or brackets. Give it the address that your framework found (`req.ip`, with a list of trusted proxies), never a
 * header of the request: clients write those themselves.
 *
 * @example
 * ```ts
 * addressOf('203.0.113.7:5678') // '203.0.113.7'
 * addressOf('[2001:db8:1:2:3::4]:80') // '2001:db8:1:2::/64'
 * ```
 * @throws LarderError `BAD_ARGUMENT` for anything but an address: all such requests would share one budget.
 */
export function addressOf(address: string | undefined, options: AddressOptions = {}): string {
  checkOptions('addressOf', options, addressTable)
  const plain = stripAddress(String(address ?? ''))
  if (isIPv4(plain)) return plain
  if (!isIPv6(plain))
    throw new LarderError(
      'BAD_ARGUMENT',
      'addressOf takes the address of a client, such as req.ip; this is none. Behind a proxy, name it to the framework as trusted.',
    )
  const groups = groupsOf(plain)
  return ipv4Within(groups) ?? networkOf(groups, options.ipv6Prefix ?? 64)
}

/** Removes brackets, a port and a zone. */
function stripAddress(text: string): string {
  const [, bracketed] = /^\[([^\]]*)\](?::\d+)?$/.exec(text) ?? []
  const [, beforePort] = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text) ?? []
  const [withoutZone = ''] = (bracketed ?? beforePort ?? text).split('%')
  return withoutZone
}

/** The eight groups of a valid IPv6 address. */
function groupsOf(address: string): number[] {
  const [head = '', tail] = address.split('::')
  const before = parseGroups(head)
  const after = parseGroups(tail ?? '')
  const zeros = new Array<number>(8 - before.length - after.length).fill(0)
  return [...before, ...zeros, ...after]
}

function parseGroups(text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return Number.parseInt(group, 16)
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number)
    return [a * 256 + b, c * 256 + d]
  })
}

/** The IPv4 address in one that is mapped (`::ffff:0:0/96`) or translated by NAT64 (`64:ff9b::/96`). */
function ipv4Within(groups: readonly number[]): string | undefined {
  const prefix = groups.slice(0, 6).join()
  if (prefix !== '0,0,0,0,0,65535' && prefix !== '100,65435,0,0,0,0') return undefined
  return groups
    .slice(6)
    .flatMap((group) => [group >> 8, group & 255])
    .join('.')
}

function networkOf(groups: readonly number[], bits: number): string {
  const masked = groups.map((group, index) => {
    const kept = Math.max(0, Math.min(16, bits - 16 * index))
    return group & (0xffff << (16 - kept))
  })
  const shown = masked.slice(0, Math.ceil(bits / 16)).map((group) => group.toString(16))
  return bits === 128 ? shown.join(':') : `${shown.join(':')}::/${bits}`
}
