/**
 * The floor plan as rules for imports (docs/architecture/layout.md): a package stands in `packages/ROLE/NAME` and may
 * import what its role allows, and no neighbour. Only sources are held to it; tests may start whatever they need.
 */
const allowed = {
  core: [],
  testing: ['core', 'http'],
  stores: ['core', 'codecs'],
  codecs: ['core'],
  http: ['core'],
  databases: ['core'],
  services: ['core', 'stores/redis'],
  frameworks: ['core', 'http'],
  bridges: ['core', 'stores'],
  operations: ['core', 'stores'],
}

/** Neighbours that build on one another. */
const neighbours = [{ from: 'http/node-http', to: 'http/http' }]

/** Inside the core, from the foundation up: a folder may import those before it. */
const coreFloors = [
  ['contracts', 'entry'],
  ['telemetry'],
  ['resilience'],
  ['encoding', 'invalidation'],
  ['storage'],
  ['compute'],
  ['operation'],
]

const anywhere = '(^|/)packages/'
/** @param {string} folder */
const source = (folder) => `${anywhere}${folder}/src/`
/** @param {string} role */
const isRole = (role) => role === 'core' || role === 'testing'

const roleRules = Object.entries(allowed).map(([role, targets]) => ({
  name: `${role}-imports-only-what-its-role-allows`,
  severity: 'error',
  from: { path: source(isRole(role) ? role : `${role}/([^/]+)`) },
  to: {
    path: anywhere,
    pathNot: [
      ...targets.map((target) => `${anywhere}${target}/`),
      isRole(role) ? `${anywhere}${role}/` : `${anywhere}${role}/$2/`,
      ...neighbours.filter(({ from }) => from.startsWith(`${role}/`)).map(({ to }) => `${anywhere}${to}/`),
    ],
  },
}))

const coreRules = coreFloors.slice(0, -1).map((folders, floor) => ({
  name: `core-${folders.join('-and-')}-import-nothing-above-them`,
  severity: 'error',
  from: { path: `${anywhere}core/src/(${folders.join('|')})/` },
  to: {
    path: `${anywhere}core/src/((${coreFloors
      .slice(floor + 1)
      .flat()
      .join('|')})/|(cache|engine|index)\\.ts)`,
  },
}))

export default {
  forbidden: [
    { name: 'no-cycles-of-types-neither', severity: 'error', from: {}, to: { circular: true } },
    // An import that cannot be followed would escape every other rule.
    { name: 'every-import-can-be-followed', severity: 'error', from: {}, to: { couldNotResolve: true } },
    ...roleRules,
    ...coreRules,
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    exclude: { path: ['/dist/.*\\.c?js$', '/test/', '/fixtures/'] },
    doNotFollow: { path: ['node_modules', '/dist/'] },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'default'] },
  },
}
