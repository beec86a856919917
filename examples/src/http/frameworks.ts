import { serveExpress } from './express'
import { serveFastify } from './fastify'
import { serveHono } from './hono'

/** The guide in each framework, by name. */
export const frameworks = { Express: serveExpress, Fastify: serveFastify, Hono: serveHono } as const
