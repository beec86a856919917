// needs: redis
import { httpSuite } from '@larder/http-suite'
import { startApplication } from './support/start'

httpSuite(startApplication)
