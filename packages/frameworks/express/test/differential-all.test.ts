// tier: long
import { differentialSuite, nodeHandlers } from '@larder/http-suite'
import { layers, startNoting } from './support/differential'

differentialSuite({ handlers: [...nodeHandlers.keys()], layers: Object.keys(layers), start: startNoting })
