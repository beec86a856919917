import type { CacheStats } from '@larder/core'
import { type Advice, minEvents } from './advice'

/** In ms. */
const slowCall = 20

/** A shared store that responds slowly. `duration`: the 95th percentile of its calls, in ms. */
export function adviseOnSlowStore({ usage }: CacheStats, duration: number | undefined): readonly Advice[] {
  if (duration === undefined || duration < slowCall) return []
  const first = usage === undefined ? 'Put a memory tier before it (tieredStore), keep' : 'Keep'
  return [
    {
      id: 'near-store',
      option: 'store',
      title: 'The shared store responds slowly',
      evidence: `5 % of its calls take ${Math.round(duration)} ms or more.`,
      advice: `${first} values small, and run larder doctor to check the server.`,
    },
  ]
}

/** Entries that this process cannot decode. */
export function adviseOnBytes(from: CacheStats, to: CacheStats): readonly Advice[] {
  const unreadable = to.unreadable - from.unreadable
  if (unreadable < minEvents || unreadable < (to.fills.stored - from.fills.stored) * 0.01) return []
  return [
    {
      id: 'unreadable',
      option: 'serializers',
      title: 'Entries in the store cannot be read',
      evidence: `The bytes of ${unreadable} entries could not be decoded.`,
      advice:
        'Processes use different serializers, schemas or sealing keys: list the older ones in serializers or keys until their entries have expired.',
    },
  ]
}
