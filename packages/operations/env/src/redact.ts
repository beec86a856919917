const maxLength = 80

/** A host, a port and a path, with an optional scheme. Any other text may contain a password. */
const harmlessUrl = /^([a-z][a-z\d+.-]*:\/\/)?([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?(\/\w*)?$/i

/** Quotes an invalid value for an error message: on one line, shortened, and without a password if it looks like a URL. */
export function quoteValue(text: string): string {
  return quoteText(text.includes('@') || text.includes('://') ? redactSecrets(text) : text)
}

/** Quotes an invalid URL like {@link quoteValue}. A password may be anywhere in it, so only a plain host is shown. */
export function quoteUrl(text: string): string {
  return quoteText(redactSecrets(text))
}

function redactSecrets(text: string): string {
  const scheme = /^[a-z][a-z\d+.-]*:\/\//i.exec(text)?.[0] ?? ''
  const atSign = text.lastIndexOf('@')
  const host = text.slice(atSign === -1 ? scheme.length : atSign + 1).replace(/[?#].*$/s, '')
  return `${scheme}${atSign === -1 ? '' : '***@'}${harmlessUrl.test(host) ? host : '***'}`
}

function quoteText(text: string): string {
  return JSON.stringify(text.length > maxLength ? `${text.slice(0, maxLength)}…` : text)
}
