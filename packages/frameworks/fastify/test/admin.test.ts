import type { AddressInfo } from 'node:net'
import { adminSuite, createShopAdmin } from '@larder/http-suite'
import fastify from 'fastify'
import { mount } from '../src/index'

adminSuite(async () => {
  const app = fastify({ forceCloseConnections: true })
  await app.register(mount, { prefix: '/larder', handler: await createShopAdmin() })
  await app.listen({ port: 0, host: '127.0.0.1' })
  return {
    port: (app.server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => app.close(),
  }
})
