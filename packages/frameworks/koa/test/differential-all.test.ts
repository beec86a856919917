// tier: long
import { differentialSuite, nodeLayers, pairLayers } from '@larder/http-suite'
import { handlers, startNoting } from './support/differential'

differentialSuite({
  handlers: [...handlers.keys()],
  pairs: pairLayers([...nodeLayers.keys()]),
  start: startNoting,
})
