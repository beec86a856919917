import calculateSlot from 'cluster-key-slot'
import type { ClusterClient } from './client'

/** The address of the primary that owns the key's slot; empty while the client does not know it. */
export function nodeOf(client: ClusterClient, key: string): string {
  return client.slots[calculateSlot(key)]?.[0] ?? ''
}
