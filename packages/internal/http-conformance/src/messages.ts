import type { Results } from './score'

/** What a server process says when it listens. */
export interface FromServer {
  readonly port: number
}

/** What the client process says when it is through. */
export interface FromClient {
  readonly results: Results
}
