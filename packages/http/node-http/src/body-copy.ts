/** A copy of a body, made while it passes. */
export interface BodyCopy {
  /** The whole body; undefined if it was cut off or is larger than the limit. */
  readonly whole: Promise<Buffer | undefined>
  add(bytes: Buffer): void
  /** Nothing more comes. */
  finish(): void
  /** What has come so far is not all, and nothing more comes. */
  abandon(): void
}

export function createBodyCopy(limit: number): BodyCopy {
  let chunks: Buffer[] = []
  let size = 0
  let settle: (whole: Buffer | undefined) => void = () => undefined
  const whole = new Promise<Buffer | undefined>((resolve) => {
    settle = resolve
  })
  const abandon = () => {
    chunks = []
    settle(undefined)
  }
  return {
    whole,
    add(bytes) {
      size += bytes.length
      if (size > limit) return abandon()
      // Whoever wrote it may use its buffer again.
      chunks.push(Buffer.from(bytes))
    },
    finish: () => (size > limit ? abandon() : settle(Buffer.concat(chunks))),
    abandon,
  }
}
