interface DenoRuntime {
  readonly permissions: { querySync(query: { name: 'env'; variable: string }): { readonly state: string } }
}

/**
 * Whether `NODE_ENV` says production, or cannot be read. Deno would stop for the user's permission, or throw without a
 * terminal: a cache in memory needs no permission.
 */
export function isProduction(): boolean {
  const { Deno: deno } = globalThis as { Deno?: DenoRuntime }
  const permission = deno?.permissions.querySync({ name: 'env', variable: 'NODE_ENV' }).state ?? 'granted'
  return permission !== 'granted' || globalThis.process?.env?.NODE_ENV === 'production'
}
