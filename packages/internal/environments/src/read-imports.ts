import { isBuiltin } from 'node:module'

const importStatement = /^\s*(?:import|export)\b[^'"\n]*["']([^"'\n]+)["']|\brequire\(["']([^"'\n]+)["']\)/gm

/** The packages that bundled JavaScript imports, each once; neither its own files nor built-in modules. */
export function readImports(javascript: string): string[] {
  const specifiers = [...javascript.matchAll(importStatement)].map(
    ([, imported, required]) => imported ?? required ?? '',
  )
  const external = specifiers.filter((specifier) => /^[@\w]/.test(specifier) && !isBuiltin(specifier))
  return [...new Set(external.map(packageOf))]
}

/** `@larder/core` of `@larder/core/encoding`. */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}
