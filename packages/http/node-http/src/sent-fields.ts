import type { IncomingHttpHeaders } from 'node:http'
import type { FieldReader } from '@larder/http'

/** The fields of a request as the client sent them, though the handler be shown others. */
export class SentFields implements FieldReader {
  #sent: IncomingHttpHeaders

  constructor(sent: IncomingHttpHeaders) {
    this.#sent = sent
  }

  get(name: string): string | null {
    const value = this.#sent[name]
    return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value
  }

  /** Keeps them as they are now. Called before the handler is shown others, so that a hit copies nothing. */
  secure(): void {
    this.#sent = { ...this.#sent }
  }
}
