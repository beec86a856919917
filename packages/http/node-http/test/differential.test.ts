// tier: slow
import { differentialSuite, nodeHandlers, nodeLayers } from '@larder/http-suite'
import { startNoting } from './support/differential'

differentialSuite({
  handlers: [...nodeHandlers.keys()],
  layers: [...nodeLayers.keys()],
  start: startNoting,
  sample: { size: 40, seed: 1 },
})
