import type { StartFixture } from './fixture'

/** One guarantee of an integration, with the test for it. */
export interface HttpCheck {
  /** The guarantee as a sentence; the name of the test. */
  readonly guarantee: string
  /** @throws if an application of the framework does not keep the guarantee. */
  verify(start: StartFixture): Promise<void>
}
