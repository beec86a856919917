import { BlockList, isIP } from 'node:net'
import { addressOf } from '../address-of'
import type { Identity } from '../rate-limiter'

/** The connection that a request came by. */
export interface Sender {
  /** The address of its other end; undefined for a Unix socket, and where the framework does not tell it. */
  readonly address: string | undefined
  /** The field `X-Forwarded-For`, in which a proxy names its client. */
  readonly forwardedFor: unknown
}

/** Networks of which the public internet sends nothing (RFC 6890). */
const privateNetworks = new BlockList()
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  privateNetworks.addSubnet(network, bits, 'ipv4')
privateNetworks.addAddress('::1', 'ipv6')
privateNetworks.addSubnet('fc00::', 7, 'ipv6')
privateNetworks.addSubnet('fe80::', 10, 'ipv6')

/**
 * Returns a function that warns once if all clients of a proxy share a budget: a connection from a private network has named its
 * client, and the request is counted by the address of the connection all the same. A sender in the public internet may be a
 * client that has written the field itself: there is no warning of those, so that nobody trusts them.
 *
 * @param instead what to write to trust a proxy
 */
export function createProxyWarning(
  instead: string,
): (sender: Sender, identity: Identity | readonly Identity[]) => void {
  let hasWarned = false
  let latest: { readonly address: string; readonly counted: string | undefined } | undefined

  /** The identity of a connection from a private network. Proxies are few: it is computed once for each in a row. */
  function proxyOf(address: string): string | undefined {
    if (latest?.address !== address) latest = { address, counted: countedOf(address) }
    return latest.counted
  }

  return ({ address, forwardedFor }, identity) => {
    if (hasWarned || address === undefined || forwardedFor === undefined) return
    const proxy = proxyOf(address)
    if (proxy === undefined || ![identity].flat().some((one) => isOf(one, proxy))) return
    hasWarned = true
    process.emitWarning(
      `limitRequests: requests from ${proxy} are counted by that address, though it names their clients in X-Forwarded-For. If it is ` +
        `your proxy, all of its clients share a budget. Trust it: ${instead}.`,
      { type: 'LarderWarning', code: 'LARDER_UNTRUSTED_PROXY' },
    )
  }
}

/** The address by which requests of a private network are counted; undefined for the public internet. */
function countedOf(address: string): string | undefined {
  const [withoutZone = ''] = address.split('%')
  const version = isIP(withoutZone)
  const isPrivate = version > 0 && privateNetworks.check(withoutZone, version === 6 ? 'ipv6' : 'ipv4')
  return isPrivate ? addressOf(withoutZone) : undefined
}

/** Whether an identity is this address, whatever stands before it, as in `address:10.0.0.1`. */
function isOf(identity: Identity, address: string): boolean {
  const name = typeof identity === 'string' ? identity : identity.identity
  return name.endsWith(address) && !/[\w.]$/.test(name.slice(0, -address.length))
}
