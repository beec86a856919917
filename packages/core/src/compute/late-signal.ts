/** An abort signal that is only made once somebody looks at it: most computations never do, and making one takes a microsecond. */
export function createLateSignal() {
  let controller: AbortController | undefined
  let reason: unknown

  return {
    get signal(): AbortSignal {
      if (controller === undefined) {
        controller = new AbortController()
        if (reason !== undefined) controller.abort(reason)
      }
      return controller.signal
    },
    /** Why it was aborted; undefined while it is not. */
    get reason(): unknown {
      return reason
    },
    abort(why: Error): void {
      reason ??= why
      controller?.abort(why)
    },
  }
}

export type LateSignal = ReturnType<typeof createLateSignal>
