/** The part of a Node response that is used. */
export interface HeadFields {
  appendHeader(name: string, value: FieldValue): unknown
  removeHeader(name: string): void
  setHeader(name: string, value: FieldValue): unknown
}

type FieldValue = string | readonly string[]

/**
 * Sets the fields among the arguments of `writeHead`, as Node does, and returns the arguments without them: those of
 * `writeHead` would replace fields of their names that are set later, such as the cookie of a session.
 */
export function takeHeadFields(res: HeadFields, args: readonly unknown[]): unknown[] {
  const fields = args.find((arg) => typeof arg === 'object' && arg !== null)
  if (Array.isArray(fields)) appendPairs(res, fields)
  else for (const [name, value] of Object.entries(fields ?? {})) res.setHeader(name, value as FieldValue)
  return args.filter((arg) => arg !== fields)
}

/** Pairs, or names and values in turn. A name may come more than once, and replaces what was set before. */
function appendPairs(res: HeadFields, list: readonly unknown[]): void {
  const flat = list.some(Array.isArray) ? list.flatMap((pair) => pair as unknown[]) : list
  const pairs = Array.from({ length: flat.length / 2 }, (_, at) => flat.slice(2 * at, 2 * at + 2))
  for (const [name] of pairs) res.removeHeader(String(name))
  for (const [name, value] of pairs) res.appendHeader(String(name), value as FieldValue)
}
