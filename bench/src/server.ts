import { type Application, source, type Variant } from './http/application'

/** The process of one HTTP server: says its port, and what it has cost, when asked. */
const applications: Readonly<
  Record<string, () => Promise<{ application: (variant: Variant) => Promise<Application> }>>
> = {
  express: () => import('./http/express'),
  fastify: () => import('./http/fastify'),
  hono: () => import('./http/hono'),
}

const [framework = '', variant] = process.argv.slice(2)
const load = applications[framework]
if (load === undefined) throw new Error(`No framework is called ${framework}.`)

const { application } = await load()
const { listen } = await application(variant === 'larder' ? 'larder' : 'constant')
process.send?.(await listen())

process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.({ cpu: user + system, asked: source.asked })
})
process.once('disconnect', () => process.exit())
