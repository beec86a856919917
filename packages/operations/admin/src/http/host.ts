import { Problem } from './problem'

/**
 * Refuses requests for a host that is not one of `hosts`. An entry without a port stands for every port.
 * @throws Problem 421 (RFC 9110 §15.5.20).
 */
export function requireHost({ host, hostname }: URL, hosts: readonly string[] | undefined): void {
  if (hosts === undefined) return
  const isKnown = hosts.some((known) => known.toLowerCase() === host || known.toLowerCase() === hostname)
  if (isKnown) return
  throw new Problem(421, 'Unknown host', 'These caches are not operated under this host.')
}
