import { version } from '../../package.json'

/** The process that answers: behind a load balancer each request may reach another one. */
export interface ProcessIdentity {
  readonly host: string
  /** 0 in a runtime without processes. */
  readonly pid: number
  /** Of the runtime, such as `v20.20.2`. */
  readonly runtime: string
  /** Of `@larder/admin`. */
  readonly version: string
  /** Since the process started, in ms. */
  readonly uptime: number
}

/** Names this process; in a runtime without `node:os` its host is unknown. */
export function identifyProcess(): ProcessIdentity {
  const { process } = globalThis
  return {
    host: process?.getBuiltinModule?.('node:os').hostname() ?? 'unknown',
    pid: process?.pid ?? 0,
    runtime: process?.version ?? 'unknown',
    version,
    uptime: Math.round((process?.uptime?.() ?? 0) * 1_000),
  }
}
