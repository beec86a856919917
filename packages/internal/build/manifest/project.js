/** The address of the repository. Reserved for examples until the project has one; `require-release` refuses to publish with it. */
export const repository = 'https://repository.example/larder'

/** Fields that all published packages share. */
export const project = {
  license: 'MIT',
  author: 'The Larder authors',
  repository: `git+${repository}.git`,
  homepage: `${repository}#readme`,
  bugs: `${repository}/issues`,
  /** Where relative links of a package's README lead once it is read outside of the repository. */
  files: `${repository}/blob/main`,
  engines: { node: '>=20.19' },
  keywords: ['cache', 'caching', 'larder'],
}
