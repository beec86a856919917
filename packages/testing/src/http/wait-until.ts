import { pollUntil } from '../conformance/poll-until'

/** In ms. Long: hundreds of requests arrive in the end on a busy machine too. */
const waitTimeout = 30_000

/** Polls `condition` until it holds. @throws after {@link waitTimeout} ms, with the description. */
export const waitUntil = (description: string, condition: () => boolean | Promise<boolean>) =>
  pollUntil(description, condition, waitTimeout)
