type DefinedOptions<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> }

/** The options that are set: spreading the others would replace those before them. */
export function omitUndefined<T extends object>(options: T): DefinedOptions<T> {
  const defined = Object.entries(options).filter(([, value]) => value !== undefined)
  return Object.fromEntries(defined) as DefinedOptions<T>
}
