// tier: slow
import { differentialSuite } from '@larder/http-suite'
import { handlers, isUnanswered, pairs, startNoting } from './support/differential'

differentialSuite({ handlers, pairs, start: startNoting, isUnanswered, sample: { size: 40, seed: 1 } })
