// tier: slow
import { differentialSuite } from '@larder/http-suite'
import { handlers, layerNames, startNoting } from './support/differential'

differentialSuite({
  handlers,
  layers: layerNames,
  start: startNoting,
  sample: { size: 40, seed: 1 },
})
