import type { HttpRequest } from '../contracts/request'
import type { RuleRequest } from '../contracts/route-rule'
import type { FieldReader } from '../fields/fields'
import { queryOf } from '../storage/target'

/** A request with the parameters of its route. A class, because an object literal with a getter costs 0.5 µs. */
export class RoutedRequest<S> implements RuleRequest<S> {
  readonly method: string
  readonly scheme: string
  readonly host: string
  readonly target: string
  readonly headers: FieldReader
  readonly source: S
  readonly hasBody: boolean | undefined
  readonly params: Readonly<Record<string, string>>
  #query: URLSearchParams | undefined

  constructor(request: HttpRequest<S>, params: Readonly<Record<string, string>>) {
    this.method = request.method
    this.scheme = request.scheme
    this.host = request.host
    this.target = request.target
    this.headers = request.headers
    this.source = request.source
    this.hasBody = request.hasBody
    this.params = params
  }

  get query(): URLSearchParams {
    this.#query ??= new URLSearchParams(queryOf(this.target))
    return this.#query
  }
}
