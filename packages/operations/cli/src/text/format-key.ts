import type { KeyView } from '@larder/core'
import { quoteBlanks } from './printable'

/** Formats a key with the namespaces it is in, if any. */
export function formatKey({ namespace, key }: KeyView): string {
  const name = quoteBlanks(key)
  return namespace.length === 0 ? name : `${name}  (namespace ${namespace.join(' > ')})`
}
