import type { IncomingHttpHeaders } from 'node:http'
import type { FieldReader } from '@larder/http'

/** The fields of a request as the client sent them, even after they have been changed for the handler. */
export class SentFields implements FieldReader {
  #sent: IncomingHttpHeaders

  constructor(sent: IncomingHttpHeaders) {
    this.#sent = sent
  }

  get(name: string): string | null {
    // Node has them in lower case, as the cache asks for them; functions of a rule may write `X-Market`.
    const value = this.#sent[name] ?? this.#sent[name.toLowerCase()]
    return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value
  }

  /** Copies the fields. Called only before they are changed, so that a hit copies nothing. */
  takeSnapshot(): void {
    this.#sent = { ...this.#sent }
  }
}
