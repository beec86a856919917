/** The first page above its text: VitePress reads it like the front matter of a page. */
export const home = {
  layout: 'home',
  titleTemplate: 'Caching that never serves stale data by accident',
  hero: {
    name: 'Larder',
    text: 'A cache that you can trust.',
    tagline:
      'Wrap the functions that read your data, say what they depend on, and never serve stale data by accident again.',
    actions: [
      { theme: 'brand', text: 'Quick start', link: '/guide/quick-start' },
      { theme: 'alt', text: 'What it promises', link: '/guide/consistency' },
      { theme: 'alt', text: 'Compared with others', link: '/guide/comparison' },
    ],
  },
  features: [
    {
      title: 'No stale set',
      details:
        'A computation that began before an invalidation never becomes a cached value after it, in any process.',
      link: '/guide/consistency',
    },
    {
      title: 'One record for a million entries',
      details: 'Invalidating a tag is one record on one ordered log. Nothing is searched for or deleted.',
      link: '/guide/tags',
    },
    {
      title: 'Redis may fail',
      details: 'Slow, frozen, full or absent: every call is answered from the source, in time.',
      link: '/guide/redis',
    },
    {
      title: 'Data and responses together',
      details:
        'Responses are cached by RFC 9111, and one invalidation ends them with the data that they show.',
      link: '/guide/http',
    },
    {
      title: 'For the person on call',
      details:
        'Metrics, alerts with a runbook, a dashboard, and a command line that says why a key is a miss.',
      link: '/operate/monitoring',
    },
    {
      title: 'Searched for faults',
      details:
        'Ten thousand simulated histories, servers killed on purpose, and mutants that the tests must catch.',
      link: '/guide/how-we-know',
    },
  ],
}
