/** The fields of INFO. */
export type Info = ReadonlyMap<string, string>

export function parseInfo(text: string): Info {
  const lines = text.split(/\r?\n/).filter((line) => line.includes(':') && !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon), line.slice(colon + 1)]
    }),
  )
}

/** A number of INFO; 0 if the server does not tell it. */
export function numberIn(info: Info, field: string): number {
  return Number(info.get(field) ?? 0) || 0
}

/** The sum over several servers. */
export function sumOf(infos: readonly Info[], field: string): number {
  return infos.reduce((sum, info) => sum + numberIn(info, field), 0)
}

/** Fields within a field: `ip=10.0.0.1,lag=0`. */
export function partsOf(field: string): ReadonlyMap<string, string> {
  return new Map(
    field.split(',').map((part) => {
      const [name = '', value = ''] = part.split('=')
      return [name, value]
    }),
  )
}
