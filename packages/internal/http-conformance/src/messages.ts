import type { TestResults } from './score'

/** Sent by a server process once it listens. */
export interface ServerMessage {
  readonly port: number
}

/** Sent by the client process after its last test. */
export interface ClientMessage {
  readonly results: TestResults
}
