import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { type TemporaryFolder, temporaryFolder } from '../processes/temporary-folder'
import { asArguments } from './directives'
import { type RedisServer, startRedis } from './server'

/** A server that only accepts TLS and has one user, and an administrator as which `command` runs. */
export interface SecureRedis extends RedisServer {
  /** Includes the user name and the password. */
  readonly url: string
  /** The certificate authority that signed the server's certificate, as PEM. */
  readonly ca: string
  readonly username: string
  readonly password: string
}

const username = 'larder'
// Contains spaces, so that a client that does not decode the URL fails.
const password = 'correct horse battery staple'
const adminPassword = 'administrator'

/**
 * Starts a server with a new certificate authority and certificate.
 * @param rules - Permissions of its user, as arguments of ACL SETUSER. Default: all.
 * @throws with the server's output, if it rejects the rules.
 */
export async function startSecureRedis(
  rules: readonly string[] = ['~*', '&*', '+@all'],
): Promise<SecureRedis> {
  const certificates = temporaryFolder()
  makeCertificates(certificates)
  const server = await startRedis({
    program: (port) => asArguments({ port: 0, 'tls-port': port, ...tlsDirectives(certificates) }),
    args: asArguments({ requirepass: adminPassword, user: [username, 'on', `>${password}`, ...rules] }),
    cli: ['--tls', '--cacert', certificates.file('ca.crt'), '--pass', adminPassword, '--no-auth-warning'],
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

/** Creates a certificate authority and a certificate for the loopback, both valid for two days. */
function makeCertificates({ path, file }: TemporaryFolder): void {
  const runOpenssl = (line: string) =>
    execFileSync('openssl', line.split(' '), { cwd: path, stdio: 'ignore' })
  const newKey = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'
  writeFileSync(file('names.ext'), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n')
  runOpenssl(`req -x509 ${newKey} -keyout ca.key -out ca.crt -days 2 -subj /CN=larder-test-authority`)
  runOpenssl(`req ${newKey} -keyout server.key -out server.csr -subj /CN=localhost`)
  runOpenssl(
    'x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile names.ext -out server.crt',
  )
}
