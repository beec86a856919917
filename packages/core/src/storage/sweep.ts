import type { ScanPage } from '../contracts/store'
import type { LocalCopies } from './local-copies'
import type { SharedTierClient } from './shared-tier-client'
import type { Validity } from './validity'

/** Keys of a shared tier per page of a sweep. */
const sharedPageSize = 1_000

/** Entries of this process per page of a sweep: about 10 ms of the event loop. */
const localPageSize = 5_000

/** Removes the entries of a shared tier that can never be served again, pausing after each page. Returns how many it removed. */
export async function sweepShared(client: SharedTierClient, pause: () => Promise<void>): Promise<number> {
  if (client.scanKeys === undefined) return 0
  let removed = 0
  let page: ScanPage = { keys: [], cursor: undefined }
  do {
    page = await client.scanKeys(page.cursor, sharedPageSize)
    removed += await client.sweepKeys(page.keys)
    await pause()
  } while (page.cursor !== undefined)
  return removed
}

/** The same for the entries of this process. */
export async function sweepLocal(
  { localEntries, deleteLocal }: LocalCopies,
  validity: Validity,
  pause: () => Promise<void>,
): Promise<number> {
  let removed = 0
  let seen = 0
  for (const entry of localEntries()) {
    seen += 1
    if (validity.stateOf(entry) === 'dead') {
      deleteLocal(entry.key)
      removed += 1
    }
    if (seen % localPageSize === 0) await pause()
  }
  return removed
}
