// tier: long
import { describeOwnWrites } from '@larder/http-suite'
import { startApplication } from './support/start'

describeOwnWrites(startApplication, 10_000)
