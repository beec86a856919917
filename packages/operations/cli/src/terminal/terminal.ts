/** The input and output of a command. */
export interface Terminal {
  /** Whether the input is a terminal, so that a question can be answered. */
  readonly isInteractive: boolean
  /** Whether the output is a terminal, which can be redrawn. */
  readonly isScreen: boolean
  /** Whether the output shows colours: a terminal, unless `NO_COLOR` is set (no-color.org) or it is a dumb one. */
  readonly hasColour: boolean
  getSize(): readonly [columns: number, rows: number]
  /** Writes to standard output; resolves when more may be written. */
  write(text: string): Promise<void>
  /** Writes a line to standard error: hints and errors. */
  writeHint(line: string): void
  /** Resolves to the line typed; to an empty one if the question is cancelled. */
  askQuestion(question: string): Promise<string>
  /**
   * Calls `listener` on Ctrl-C and on signals to terminate, which then do not end the process. Returns a function that
   * removes it.
   */
  onInterrupt(listener: () => void): () => void
  /**
   * Calls `listener` with each key pressed, without waiting for a line; Ctrl-C then no longer is a signal. Returns a function
   * that ends this. Does nothing if the input is not a terminal.
   */
  onKey(listener: (key: string) => void): () => void
}
