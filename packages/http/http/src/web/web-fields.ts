import type { FieldReader } from '../fields/fields'

const hasUpperCase = /[A-Z]/

/** The fields of a web-standard request, read once: a cache looks for forty names, each of which costs `Headers` 0.1 µs. */
export class WebFields implements FieldReader {
  readonly #values = new Map<string, string>()

  constructor(headers: Headers) {
    headers.forEach((value, name) => void this.#values.set(name, value))
  }

  get(name: string): string | null {
    return this.#values.get(hasUpperCase.test(name) ? name.toLowerCase() : name) ?? null
  }
}
