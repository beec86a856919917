import type { Info } from '../info'
import type { CheckResult } from './finding'

/** The first major version with `#!lua flags=allow-oom`, so that invalidation scripts run on a full server. */
const minMajorVersion = 7

/** Checks that the server is new enough for Larder's scripts. */
export function checkVersion(info: Info): CheckResult {
  const version = info.get('redis_version') ?? ''
  const valkeyVersion = info.get('valkey_version')
  const found = valkeyVersion === undefined ? `Redis ${version}` : `Valkey ${valkeyVersion}`
  if (version === '') return { status: 'unknown', found: 'The server does not report its version.' }
  if (Number.parseInt(version, 10) >= minMajorVersion) return { status: 'ok', found }
  return {
    status: 'fail',
    found: `${found}: too old for Larder's scripts.`,
    advice: `Upgrade to Redis ${minMajorVersion}.0 or newer, or to Valkey.`,
  }
}
