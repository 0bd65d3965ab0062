/** What the runner asks of the suite, in the environment variable KERAS_CONFIG_E2E. */
export interface Settings {
  /** Where mocha's statistics go once the suite has ended. */
  readonly result: string;
  /** Where the report goes, line by line. */
  readonly log: string;
  /** Only tests whose title matches. */
  readonly grep?: string;
  /** Whether to wait, after a failed test, for the runner to take a picture. */
  readonly pictures: boolean;
  /** How long, in milliseconds, to wait for something that should happen. */
  readonly patience: number;
}

export const settings = JSON.parse(process.env.KERAS_CONFIG_E2E ?? "{}") as Settings;
