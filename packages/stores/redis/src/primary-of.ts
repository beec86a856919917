import calculateSlot from 'cluster-key-slot'
import type { ClusterClient } from './client'

/** The address of the primary that owns the key's slot; empty while the client has not discovered it. */
export function primaryOf(client: ClusterClient, key: string): string {
  return client.slots[calculateSlot(key)]?.[0] ?? ''
}
