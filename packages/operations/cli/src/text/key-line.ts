import type { KeyView } from '@larder/core'

/** A key, and the namespaces it is in where there are some. */
export function keyLine({ namespace, key }: KeyView): string {
  return namespace.length === 0 ? key : `${key}  (namespace ${namespace.join(' > ')})`
}
