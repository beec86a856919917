import { functionRows } from './function-rows'
import { invalidationRow } from './invalidation-row'
import { overviewRow } from './overview-row'
import type { Row } from './panels'
import type { CacheTerms } from './queries'
import { readRow } from './read-row'
import { serverRow } from './server-row'
import { storeRow } from './store-row'

/** The rows of the dashboard: whether the cache works and what it saves, each function, and then the internals. */
export const rows: readonly Row<CacheTerms>[] = [
  overviewRow,
  ...functionRows,
  readRow,
  storeRow,
  invalidationRow,
  serverRow,
]
