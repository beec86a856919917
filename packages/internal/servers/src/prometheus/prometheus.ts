import { writeFileSync } from 'node:fs'
import { freePort } from '../processes/free-port'
import { endProcess, startProcess } from '../processes/process'
import { temporaryFolder } from '../processes/temporary-folder'
import { until } from '../until'

/** A rule with its state, as the API of Prometheus returns it. */
export interface EvaluatedRule {
  readonly name: string
  readonly health: string
  /** Of an alert: `inactive`, `pending` or `firing`. */
  readonly state?: string
}

/** A real Prometheus. */
export interface PrometheusServer extends AsyncDisposable {
  /** The values of an expression. */
  query(expression: string): Promise<number[]>
  rules(): Promise<EvaluatedRule[]>
}

/** Starts a Prometheus that scrapes these ports of the loopback, and evaluates the rules of a rule file, in this interval. */
export async function startPrometheus(
  ports: readonly number[],
  rules: string,
  interval = '1s',
): Promise<PrometheusServer> {
  const folder = temporaryFolder()
  const port = await freePort()
  writeFileSync(folder.file('rules.yml'), rules)
  writeFileSync(folder.file('prometheus.yml'), configurationFor(ports, interval))
  const args = [
    `--config.file=${folder.file('prometheus.yml')}`,
    `--storage.tsdb.path=${folder.file('data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]
  const child = startProcess('prometheus', args, folder.file('prometheus.log'))
  const ask = async (path: string): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`)
    return ((await response.json()) as { data: unknown }).data
  }
  await until('prometheus answers', async () => (await ask('status/runtimeinfo')) !== undefined)
  return {
    async query(expression) {
      const answer = await ask(`query?query=${encodeURIComponent(expression)}`)
      const { result } = answer as { result: { value: [at: number, value: string] }[] }
      return result.map(({ value: [, value] }) => Number(value))
    },
    async rules() {
      const { groups } = (await ask('rules')) as { groups: { rules: EvaluatedRule[] }[] }
      return groups.flatMap((group) => group.rules)
    },
    async [Symbol.asyncDispose]() {
      await endProcess(child)
      folder.remove()
    },
  }
}

function configurationFor(ports: readonly number[], interval: string): string {
  const targets = ports.map((port) => `127.0.0.1:${port}`)
  return JSON.stringify({
    global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
    rule_files: ['rules.yml'],
    scrape_configs: [{ job_name: 'app', static_configs: [{ targets }] }],
  })
}
