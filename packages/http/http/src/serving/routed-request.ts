import type { HttpRequest } from '../contracts/request'
import type { RuleRequest } from '../contracts/route-rule'
import type { FieldReader } from '../fields/fields'
import { queryOf } from '../storage/target'

/** A request with the parameters of its route. A class, because an object literal with a getter costs 0.5 µs. */
export class RoutedRequest<S> implements RuleRequest<S> {
  readonly params: Readonly<Record<string, string>>
  readonly #request: HttpRequest<S>
  #query: URLSearchParams | undefined

  constructor(request: HttpRequest<S>, params: Readonly<Record<string, string>>) {
    this.#request = request
    this.params = params
  }

  get method(): string {
    return this.#request.method
  }

  get scheme(): string {
    return this.#request.scheme
  }

  get host(): string {
    return this.#request.host
  }

  get target(): string {
    return this.#request.target
  }

  get headers(): FieldReader {
    return this.#request.headers
  }

  get source(): S {
    return this.#request.source
  }

  get hasBody(): boolean | undefined {
    return this.#request.hasBody
  }

  get query(): URLSearchParams {
    this.#query ??= new URLSearchParams(queryOf(this.target))
    return this.#query
  }
}
