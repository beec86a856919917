/** The fields of a Redis INFO reply. */
export type Info = ReadonlyMap<string, string>

/** A numeric field; 0 if it is missing or not a number. */
export function numberOf(info: Info, field: string): number {
  return Number(info.get(field) ?? 0) || 0
}

/** The sum of a numeric field over several servers. */
export function sumOf(infos: readonly Info[], field: string): number {
  return infos.reduce((sum, info) => sum + numberOf(info, field), 0)
}

/** Parses a value that has fields of its own: `ip=10.0.0.1,lag=0`. */
export function parseSubfields(value: string): Info {
  return new Map(
    value.split(',').map((part) => {
      const [name = '', text = ''] = part.split('=')
      return [name, text]
    }),
  )
}
