// tier: long
import { differentialSuite, pairLayers } from '@larder/http-suite'
import { handlers, layerNames, startNoting } from './support/differential'

differentialSuite({ handlers: [...handlers.keys()], pairs: pairLayers(layerNames), start: startNoting })
