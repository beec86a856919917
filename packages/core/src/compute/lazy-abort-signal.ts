/** An abort signal that is created when it is first read: most computations never read it, and creating one takes a microsecond. */
export class LazyAbortSignal {
  /** Why it was aborted; undefined while it is not. */
  reason: Error | undefined
  private controller: AbortController | undefined

  get signal(): AbortSignal {
    this.controller ??= new AbortController()
    if (this.reason !== undefined) this.controller.abort(this.reason)
    return this.controller.signal
  }

  abort(reason: Error): void {
    this.reason ??= reason
    this.controller?.abort(reason)
  }
}
