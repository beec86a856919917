/**
 * The module formats that a package is built in: published libraries come as ES modules and as CommonJS; programs and
 * private packages as ES modules only.
 *
 * @param {{ private?: boolean, exports?: Readonly<Record<string, unknown>> }} manifest
 * @returns {('esm' | 'cjs')[]}
 */
export function formatsOf({ private: isPrivate = false, exports = {} }) {
  return isPrivate || exports['.'] === undefined ? ['esm'] : ['esm', 'cjs']
}
