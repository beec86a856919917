const longest = 80

/** A host, a port and a path, perhaps after a scheme: anything else may hold a password. */
const harmlessUrl = /^([a-z][a-z\d+.-]*:\/\/)?([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?(\/\w*)?$/i

/** A bad value for an error message, on one line and without what may be a password. */
export function shown(text: string): string {
  return quoted(text.includes('@') || text.includes('://') ? withoutSecrets(text) : text)
}

/** The same for what was meant to be a URL: a password may be anywhere in it, so only what looks like a host is shown. */
export function shownUrl(text: string): string {
  return quoted(withoutSecrets(text))
}

function withoutSecrets(text: string): string {
  const scheme = /^[a-z][a-z\d+.-]*:\/\//i.exec(text)?.[0] ?? ''
  const at = text.lastIndexOf('@')
  const end = text.slice(at === -1 ? scheme.length : at + 1).replace(/[?#].*$/s, '')
  return `${scheme}${at === -1 ? '' : '***@'}${harmlessUrl.test(end) ? end : '***'}`
}

function quoted(text: string): string {
  return JSON.stringify(text.length > longest ? `${text.slice(0, longest)}…` : text)
}
