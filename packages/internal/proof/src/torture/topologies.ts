import { startClusterTopology } from './cluster-topology'
import { startSentinelTopology } from './sentinel-topology'
import { startAppendOnlyTopology, startSingleTopology } from './single-topology'

export const topologies = {
  single: startSingleTopology,
  'append-only': startAppendOnlyTopology,
  sentinel: startSentinelTopology,
  cluster: startClusterTopology,
}
export type TopologyName = keyof typeof topologies
export const topologyNames = Object.keys(topologies) as readonly TopologyName[]
