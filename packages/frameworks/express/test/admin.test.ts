import { createServer } from 'node:http'
import { adminSuite, createShopAdmin } from '@larder/http-suite'
import { startServer } from '@larder/servers'
import express from 'express'
import { describe } from 'vitest'
import { webHandler } from '../src/index'

describe('the admin handler before body parsers', () =>
  adminSuite(async () =>
    startServer(createServer(express().use('/larder', webHandler(await createShopAdmin())))),
  ))

describe('the admin handler behind body parsers', () =>
  adminSuite(async () =>
    startServer(
      createServer(
        express()
          .use(express.json())
          .use('/larder', webHandler(await createShopAdmin())),
      ),
    ),
  ))
