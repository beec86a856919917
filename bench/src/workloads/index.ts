import type { Workload } from '../workload'
import { bundle } from './bundle'
import { callCosts } from './call-costs'
import { getMany } from './get-many'
import { heap } from './heap'
import { hitRatio } from './hit-ratio'
import { hotHit } from './hot-hit'
import { http } from './http'
import { invalidateTag } from './invalidate-tag'
import { memoryBytes } from './memory-bytes'
import { propagation } from './propagation'
import { rateLimit } from './rate-limit'
import { redisBytes } from './redis-bytes'
import { redisHit } from './redis-hit'
import { scale } from './scale'
import { sessions } from './sessions'
import { stampede, stampedeOfTwo } from './stampede'
import { taggedHit } from './tagged-hit'
import { twoTiers } from './two-tiers'
import { zipf } from './zipf'

/** In the order of the table. */
export const workloads: readonly Workload[] = [
  hotHit,
  taggedHit,
  heap,
  callCosts,
  zipf,
  hitRatio,
  redisHit,
  twoTiers,
  stampede,
  stampedeOfTwo,
  invalidateTag,
  redisBytes,
  memoryBytes,
  getMany,
  http,
  rateLimit,
  propagation,
  scale,
  sessions,
  bundle,
]

/** @throws for an unknown name. */
export function workloadNamed(name: string): Workload {
  const workload = workloads.find((candidate) => candidate.name === name)
  if (workload !== undefined) return workload
  throw new Error(
    `The workload must be one of ${workloads.map((workload) => workload.name).join(', ')}; got '${name}'.`,
  )
}
