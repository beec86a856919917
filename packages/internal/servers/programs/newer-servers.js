/**
 * A package of Debian, pinned: another version under the same name, or other bytes under the same version, are refused.
 *
 * @typedef {object} PinnedPackage
 * @property {string} name
 * @property {string} version
 * @property {string} sha256 - of the package for amd64
 */

/** The release that brings servers newer than those of the machine's own release. */
export const release = 'trixie'

/**
 * Servers that the machine's own release of Debian lacks, by the name that `npm run test:long` gives them. Each is one
 * binary in a package of tools, which acts by the name it is called with.
 *
 * @type {Readonly<Record<string, { binary: string, calledAs: string, package: PinnedPackage }>>}
 */
export const newerServers = {
  'redis-8': {
    binary: 'usr/bin/redis-check-rdb',
    calledAs: 'redis-server',
    package: {
      name: 'redis-tools',
      version: '5:8.0.2-3+deb13u3',
      sha256: 'ca91969383b5e9ea7f278dde513e2bc444914961e19e7d94cda7745a95f6686a',
    },
  },
  'valkey-8': {
    binary: 'usr/bin/valkey-check-rdb',
    calledAs: 'valkey-server',
    package: {
      name: 'valkey-tools',
      version: '8.1.1+dfsg1-3+deb13u3',
      sha256: '0c800fe97e57ec7e8e71a147a0d1119955ffd6d083e73618ce946a44d3b827dd',
    },
  },
}

/**
 * The libraries of that release: its C library is newer than that of the machine, so the servers run on their own.
 *
 * @type {readonly PinnedPackage[]}
 */
export const libraries = [
  {
    name: 'libc6',
    version: '2.41-12+deb13u5',
    sha256: 'b59b0625cd1a791375d40dab23a4d5d3d0641e3d0a773501becdc3725b7f99cf',
  },
  {
    name: 'libatomic1',
    version: '14.2.0-19',
    sha256: '212b399aae2f7299203d261a57e49372e09565a9a5ea971905f94a3960366c05',
  },
  {
    name: 'libjemalloc2',
    version: '5.3.0-3',
    sha256: 'e7d64919e620e8ea46960104efe1e9c977d751e5b610a5d89b0b51aeae9530d7',
  },
  {
    name: 'liblzf1',
    version: '3.6-4+b3',
    sha256: '1f7677f1098f9f643806d64a2ed54d14bcd5954e71b63c2aa1e9bb7bcd84d783',
  },
  {
    name: 'libssl3t64',
    version: '3.5.9-1~deb13u1',
    sha256: 'ffefb9af363e0e4592251b2533eb06453c8e470f7772e40263c4b2129251a6d5',
  },
  {
    name: 'libstdc++6',
    version: '14.2.0-19',
    sha256: 'ab1fa05837aa7a92aae748fd07a18a35f7d18bb4a71c4724fe2bbf0e32089de0',
  },
  {
    name: 'libgcc-s1',
    version: '14.2.0-19',
    sha256: '3c71917b490d1a17aed43196a2787a256ecf060526cdb20216a74bedc061b150',
  },
  {
    name: 'libsystemd0',
    version: '257.13-1~deb13u1',
    sha256: 'ab0d4127b5e46e6f8c015a1db15a62ba9ae274cdefa150083adf90ada0600ea1',
  },
  {
    name: 'libcap2',
    version: '1:2.75-10+deb13u1+b3',
    sha256: '89fc4d34fc7a28ad6f0fcd0c561ab253b9dedf6f77f5a000b47c276c8295bf67',
  },
  {
    name: 'libzstd1',
    version: '1.5.7+dfsg-1',
    sha256: '2f6a2aeacfc925eba8b00ac9139bc4bfccf8cacb09eb93de067074b26948eef9',
  },
  {
    name: 'zlib1g',
    version: '1:1.3.dfsg+really1.3.1-1+deb13u1',
    sha256: '8c27c342230503b73dfde629642c3b352e87b554e06d60cf58772f236a305ceb',
  },
]
