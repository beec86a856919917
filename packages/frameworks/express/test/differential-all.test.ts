// tier: long
import { differentialSuite } from '@larder/http-suite'
import { handlers, layerNames, startNoting } from './support/differential'

differentialSuite({ handlers, layers: layerNames, start: startNoting })
