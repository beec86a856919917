const maxLength = 80

/** A host, a port and a path, with an optional scheme. Any other text may contain a password. */
const harmlessUrl = /^([a-z][a-z\d+.-]*:\/\/)?([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?(\/\w*)?$/i

/** A number with a unit, or a short word. Any other text may be a password in the wrong variable. */
const harmlessValue = /^[-+]?[\d.]*(e\d+)? ?[a-z]{0,10}$/i

/**
 * Quotes an invalid value for an error message: shortened, and only as far as it looks like a number, a unit, a short word,
 * or the host of a URL.
 */
export function quoteValue(text: string): string {
  if (text.includes('@') || text.includes('://')) return quoteText(redactSecrets(text))
  return quoteText(harmlessValue.test(text) ? text : '***')
}

/** Quotes an invalid URL like {@link quoteValue}. A password may be anywhere in it, so only a plain host after a scheme is shown. */
export function quoteUrl(text: string): string {
  return quoteText(redactSecrets(text))
}

function redactSecrets(text: string): string {
  const scheme = /^[a-z][a-z\d+.-]*:\/\//i.exec(text)?.[0] ?? ''
  const atSign = text.lastIndexOf('@')
  const host = text.slice(atSign === -1 ? scheme.length : atSign + 1).replace(/[?#].*$/s, '')
  const isHost = (scheme !== '' || atSign !== -1) && harmlessUrl.test(host)
  return `${scheme}${atSign === -1 ? '' : '***@'}${isHost ? host : '***'}`
}

function quoteText(text: string): string {
  return JSON.stringify(text.length > maxLength ? `${text.slice(0, maxLength)}…` : text)
}
