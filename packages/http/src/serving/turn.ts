import type { StoredResponse } from '../policy/stored-response'

/** What becomes of one caller while a response is found or made. */
export interface Turn {
  /** Resolves when the handler's own response goes to this caller. */
  readonly passed: Promise<'passed'>
  pass(): void
  /** What the handler's run for this caller comes to; undefined while it has not been asked. */
  run: Promise<StoredResponse | undefined> | undefined
}

export function createTurn(): Turn {
  let pass: () => void = () => undefined
  const passed = new Promise<'passed'>((resolve) => {
    pass = () => resolve('passed')
  })
  return { passed, pass, run: undefined }
}
