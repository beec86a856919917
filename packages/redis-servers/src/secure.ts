import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RedisServer, startRedis } from './server'

/** A server that speaks TLS alone and knows one user besides the administrator. */
export interface SecureRedis extends RedisServer {
  /** The authority that signed its certificate, PEM. */
  readonly ca: string
  readonly username: string
  readonly password: string
}

/** Starts a server with a certificate made for it. `rules` says what its user may do, in the words of ACL SETUSER. */
export async function startSecureRedis(rules: readonly string[]): Promise<SecureRedis> {
  const certificates = mkdtempSync(join(tmpdir(), 'larder-tls-'))
  const file = (name: string) => join(certificates, name)
  makeCertificates(file)
  const password = 'correct horse battery staple'
  const tls = ['--tls', '--cacert', file('ca.crt')]
  const server = await startRedis({
    program: (port) => [
      ...[
        '--port',
        '0',
        '--tls-port',
        String(port),
        '--tls-auth-clients',
        'no',
        '--requirepass',
        'administrator',
      ],
      ...[
        '--tls-cert-file',
        file('server.crt'),
        '--tls-key-file',
        file('server.key'),
        '--tls-ca-cert-file',
        file('ca.crt'),
      ],
    ],
    cli: [...tls, '--pass', 'administrator', '--no-auth-warning'],
  })
  const answer = await server.command('ACL', 'SETUSER', 'larder', 'on', `>${password}`, ...rules)
  if (answer !== 'OK') throw new Error(`The rules were refused: ${answer}`)
  const close = async () => {
    await server.close()
    rmSync(certificates, { recursive: true, force: true })
  }
  return {
    ...server,
    url: `rediss://larder:${encodeURIComponent(password)}@127.0.0.1:${server.port}`,
    ca: readFileSync(file('ca.crt'), 'utf8'),
    username: 'larder',
    password,
    close,
    [Symbol.asyncDispose]: close,
  }
}

function makeCertificates(file: (name: string) => string): void {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore' })
  const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  openssl(
    'req',
    '-x509',
    ...fresh,
    '-keyout',
    file('ca.key'),
    '-out',
    file('ca.crt'),
    '-subj',
    '/CN=Larder test authority',
  )
  openssl(
    'req',
    ...fresh.slice(0, 5),
    '-keyout',
    file('server.key'),
    '-out',
    file('server.csr'),
    '-subj',
    '/CN=127.0.0.1',
    '-addext',
    'subjectAltName=IP:127.0.0.1',
  )
  openssl(
    'x509',
    '-req',
    '-in',
    file('server.csr'),
    '-CA',
    file('ca.crt'),
    '-CAkey',
    file('ca.key'),
    '-CAcreateserial',
    '-days',
    '2',
    '-copy_extensions',
    'copy',
    '-out',
    file('server.crt'),
  )
}
