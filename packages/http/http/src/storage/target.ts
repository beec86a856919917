/** The path of a request target, without its query. */
export function pathOf(target: string): string {
  const queryStart = target.indexOf('?')
  return queryStart < 0 ? target : target.slice(0, queryStart)
}

/** The query of a request target, without the `?`. */
export function queryOf(target: string): string {
  return target.slice(pathOf(target).length + 1)
}
