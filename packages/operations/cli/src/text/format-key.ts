import type { KeyView } from '@larder/core'

/** Formats a key with the namespaces it is in, if any. */
export function formatKey({ namespace, key }: KeyView): string {
  return namespace.length === 0 ? key : `${key}  (namespace ${namespace.join(' > ')})`
}
