// tier: long
import { differentialSuite } from '@larder/http-suite'
import { handlers, isUnanswered, pairs, startNoting } from './support/differential'

differentialSuite({ handlers, pairs, start: startNoting, isUnanswered })
