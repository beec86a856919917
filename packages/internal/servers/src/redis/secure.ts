import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { type TemporaryFolder, temporaryFolder } from '../processes/temporary-folder'
import { asArguments } from './directives'
import { type RedisServer, startRedis } from './server'

/** A server that speaks TLS alone and knows one user besides the administrator, who runs `command`. */
export interface SecureRedis extends RedisServer {
  /** With the user and the password. */
  readonly url: string
  /** The authority that signed its certificate, PEM. */
  readonly ca: string
  readonly username: string
  readonly password: string
}

const username = 'larder'
// With spaces, because a client that forgets to encode a URL must fail.
const password = 'correct horse battery staple'
const administrator = 'administrator'

/**
 * Starts a server with an authority and a certificate made for it.
 * @param rules - what its user may do, in the words of ACL SETUSER. Default: everything.
 * @throws what the server printed, if it refuses the rules.
 */
export async function startSecureRedis(
  rules: readonly string[] = ['~*', '&*', '+@all'],
): Promise<SecureRedis> {
  const certificates = temporaryFolder()
  makeCertificates(certificates)
  const server = await startRedis({
    program: (port) => asArguments({ port: 0, 'tls-port': port, ...tlsDirectives(certificates) }),
    args: asArguments({ requirepass: administrator, user: [username, 'on', `>${password}`, ...rules] }),
    cli: ['--tls', '--cacert', certificates.file('ca.crt'), '--pass', administrator, '--no-auth-warning'],
  })
  const close = async () => {
    await server.close()
    certificates.remove()
  }
  return {
    ...server,
    get pid() {
      return server.pid
    },
    url: `rediss://${username}:${encodeURIComponent(password)}@${server.host}:${server.port}`,
    ca: readFileSync(certificates.file('ca.crt'), 'utf8'),
    username,
    password,
    close,
    [Symbol.asyncDispose]: close,
  }
}

function tlsDirectives({ file }: TemporaryFolder) {
  return {
    'tls-auth-clients': 'no',
    'tls-ca-cert-file': file('ca.crt'),
    'tls-cert-file': file('server.crt'),
    'tls-key-file': file('server.key'),
  }
}

/** An authority, and a certificate for the loopback that it signed; both are valid for two days. */
function makeCertificates({ path, file }: TemporaryFolder): void {
  const openssl = (line: string) => execFileSync('openssl', line.split(' '), { cwd: path, stdio: 'ignore' })
  const newKey = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'
  writeFileSync(file('names.ext'), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n')
  openssl(`req -x509 ${newKey} -keyout ca.key -out ca.crt -days 2 -subj /CN=larder-test-authority`)
  openssl(`req ${newKey} -keyout server.key -out server.csr -subj /CN=localhost`)
  openssl(
    'x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile names.ext -out server.crt',
  )
}
