// tier: long
import { describeEcho } from '@larder/http-suite'
import { startApplication } from './support/start'

describeEcho(startApplication, { seed: 2, pairs: 10_000 })
