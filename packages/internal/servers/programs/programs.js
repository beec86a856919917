/**
 * A program that tests start, and the packages of Debian that bring it.
 *
 * @typedef {object} Program
 * @property {string} name - as tests name it in `// needs: NAME`
 * @property {readonly string[]} commands - that must be on the PATH
 * @property {readonly string[]} packages
 * @property {string} reason - the tests that need it
 */

/** @type {readonly Program[]} */
export const programs = [
  {
    name: 'redis',
    commands: ['redis-server', 'redis-cli'],
    packages: ['redis-server', 'redis-tools'],
    reason: 'tests of the Redis store and of all that runs on it use real servers',
  },
  {
    name: 'openssl',
    commands: ['openssl'],
    packages: ['openssl'],
    reason: 'Redis over TLS is tested with certificates made for the test',
  },
  {
    name: 'prometheus',
    commands: ['prometheus', 'promtool'],
    packages: ['prometheus'],
    reason: 'metrics are scraped, and alerting rules are checked and evaluated',
  },
  {
    name: 'chromium',
    commands: ['chromium'],
    packages: ['chromium', 'fonts-dejavu-core'],
    reason: 'the dashboard is tested in a browser',
  },
  {
    name: 'nginx',
    commands: ['nginx'],
    packages: ['nginx'],
    reason: 'the HTTP cache and the example of a gateway run behind it',
  },
]
