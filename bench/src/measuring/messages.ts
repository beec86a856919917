import type { Samples } from '../samples'
import type { ParticipantContext } from '../workload'

/** A message to the process of a participant. */
export type ParticipantCommand =
  | { readonly do: 'prepare'; readonly workload: string; readonly context: ParticipantContext }
  | { readonly do: 'measure'; readonly round: number }
  | { readonly do: 'end' }

/** Its reply, one for each command. */
export type ParticipantReply =
  | { readonly ok: true; readonly samples: Samples }
  | { readonly ok: false; readonly reason: string }
