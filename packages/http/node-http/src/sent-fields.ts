import type { IncomingHttpHeaders } from 'node:http'
import type { FieldReader } from '@larder/http'

/** The fields of a request as the client sent them, even after they have been changed for the handler. */
export class SentFields implements FieldReader {
  #sent: IncomingHttpHeaders

  constructor(sent: IncomingHttpHeaders) {
    this.#sent = sent
  }

  get(name: string): string | null {
    const value = this.#sent[name]
    return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value
  }

  /** Copies the fields. Called only before they are changed, so that a hit copies nothing. */
  takeSnapshot(): void {
    this.#sent = { ...this.#sent }
  }
}
