/** Where a command reads and writes. */
export interface Terminal {
  /** Whether somebody is there to answer. */
  readonly isInteractive: boolean
  /** Whether the output is a screen, which can be redrawn. */
  readonly isScreen: boolean
  /** Columns and rows of the screen. */
  size(): readonly [columns: number, rows: number]
  /** Writes to the output; resolves when more may be written. */
  write(text: string): Promise<void>
  /** Writes a line beside the output: hints and errors. */
  hint(line: string): void
  /** Asks, and resolves to the line that is typed; to an empty one if the question is left. */
  ask(question: string): Promise<string>
  /** Calls `listener` on Ctrl-C, and when the process is told to end, instead of ending it. Returns an undo. */
  onInterrupt(listener: () => void): () => void
}
