import { createServer } from 'node:http'
import { adminSuite, someAdmin } from '@larder/http-suite'
import express from 'express'
import { describe } from 'vitest'
import { webHandler } from '../src/index'
import { listening } from './support/listening'

describe('before parsers of bodies', () =>
  adminSuite(async () => listening(createServer(express().use('/larder', webHandler(await someAdmin()))))))

describe('behind parsers of bodies', () =>
  adminSuite(async () =>
    listening(
      createServer(
        express()
          .use(express.json())
          .use('/larder', webHandler(await someAdmin())),
      ),
    ),
  ))
