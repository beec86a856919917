import { httpSuite } from '@larder/http-suite'
import { start } from './support/start'

httpSuite(start, ['outside', 'inside'])
