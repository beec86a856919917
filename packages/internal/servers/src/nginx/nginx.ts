import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { freePort } from '../processes/free-port'
import { endProcess, startProcess } from '../processes/process'
import { temporaryFolder } from '../processes/temporary-folder'
import { until } from '../until'

/** A real nginx in front of an application. */
export interface NginxServer extends AsyncDisposable {
  readonly port: number
  /** The path of the socket at which it expects the application. */
  readonly upstream: string
  /** The folder of its zone `responses`, for `proxy_cache`. */
  readonly cacheFolder: string
}

/** Starts an nginx that passes all requests on. `directives` are those of its `location`, in addition. */
export async function startNginx(directives: string): Promise<NginxServer> {
  const folder = temporaryFolder()
  const port = await freePort()
  const upstream = folder.file('app.sock')
  const cacheFolder = folder.file('responses')
  writeFileSync(folder.file('nginx.conf'), configuration({ port, upstream, cacheFolder, directives }))
  const args = ['-p', folder.path, '-c', 'nginx.conf', '-e', folder.file('error.log')]
  const child = startProcess('nginx', args, folder.file('nginx.log'))
  await until('nginx answers', () => canConnect(port))
  return {
    port,
    upstream,
    cacheFolder,
    async [Symbol.asyncDispose]() {
      await endProcess(child)
      folder.remove()
    },
  }
}

/** In one process, which ends by its own pid. */
function configuration(parts: {
  readonly port: number
  readonly upstream: string
  readonly cacheFolder: string
  readonly directives: string
}): string {
  const temporaryPaths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path temporary_${name};`)
    .join(' ')
  return `
    daemon off; master_process off; pid nginx.pid;
    events {}
    http {
      access_log off; ${temporaryPaths}
      proxy_cache_path ${parts.cacheFolder} keys_zone=responses:1m;
      upstream app { server unix:${parts.upstream}; keepalive 4; }
      server {
        listen 127.0.0.1:${parts.port};
        location / { proxy_pass http://app; proxy_set_header Host $host; ${parts.directives} }
      }
    }`
}

const canConnect = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket.destroy().destroyed))
    socket.on('error', () => resolve(false))
  })
