import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import { type Clock, systemClock } from '@larder/core'
import type { Environment } from '../../src/command'
import { runCommandLine } from '../../src/run-command-line'
import { createFakeTerminal } from './terminal'

/** An answer of the admin API. A text is sent as HTML, as a proxy does. */
interface AdminAnswer {
  readonly status: number
  readonly body: unknown
}

/** A service whose admin API gives prepared answers, one after the other. */
export interface AdminService extends AsyncDisposable {
  readonly requests: readonly IncomingMessage[]
  /** The body of each request. */
  readonly bodies: readonly string[]
  /** The address and the authorization of this service. */
  readonly environment: Environment
  prepare(...answers: readonly AdminAnswer[]): void
  /** Runs a command line that has the address and the authorization of this service. */
  runLarder(
    argv: readonly string[],
    clock?: Clock,
  ): Promise<{ readonly code: number; readonly output: string; readonly hints: string }>
}

export async function startAdminService(): Promise<AdminService> {
  const answers: AdminAnswer[] = []
  const requests: IncomingMessage[] = []
  const bodies: string[] = []
  const server = createServer(async (request, response) => {
    requests.push(request)
    bodies.push(await readText(request))
    const { status, body } = answers.shift() ?? { status: 404, body: {} }
    const isText = typeof body === 'string'
    response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json' })
    response.end(isText ? body : JSON.stringify(body))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const environment = {
    LARDER_ADMIN: `http://127.0.0.1:${(server.address() as AddressInfo).port}/larder`,
    LARDER_AUTHORIZATION: 'Bearer secret',
  }
  return {
    requests,
    bodies,
    environment,
    prepare: (...more) => void answers.push(...more),
    async runLarder(argv, clock = systemClock) {
      const terminal = createFakeTerminal()
      const code = await runCommandLine(argv, environment, terminal, clock)
      return { code, output: terminal.output, hints: terminal.hints.join('\n') }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
