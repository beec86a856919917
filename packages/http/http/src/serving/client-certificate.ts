/** The part of a TLS socket of Node that knows its client. */
interface CertifiedSocket {
  getPeerCertificate(): object | null
}

/** Connections whose client has a certificate. It may present one later, but never withdraws it. */
const certified = new WeakSet<object>()

/**
 * Whether the client of a connection has identified itself by a TLS certificate: the response may be meant for it alone, and
 * no field of the request says so. `socket` is that of Node; false for anything else.
 */
export function hasClientCertificate(socket: unknown): boolean {
  if (!isCertifiedSocket(socket)) return false
  if (certified.has(socket)) return true
  const isCertified = Object.keys(socket.getPeerCertificate() ?? {}).length > 0
  if (isCertified) certified.add(socket)
  return isCertified
}

const isCertifiedSocket = (socket: unknown): socket is CertifiedSocket =>
  typeof socket === 'object' &&
  socket !== null &&
  'getPeerCertificate' in socket &&
  typeof socket.getPeerCertificate === 'function'
