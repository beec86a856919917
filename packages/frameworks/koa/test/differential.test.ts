// tier: slow
import { differentialSuite, nodeLayers } from '@larder/http-suite'
import { handlers, startNoting } from './support/differential'

differentialSuite({
  handlers: [...handlers.keys()],
  layers: [...nodeLayers.keys()],
  start: startNoting,
  sample: { size: 40, seed: 1 },
})
