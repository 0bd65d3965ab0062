/** How long a client is waited for that has been asked something, in milliseconds: one that never answers holds nothing up. */
const PATIENCE_MS = 5_000;

/** The client's answer; rejects where it does not come in time. */
export function patiently<T>(answer: Promise<T>, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the client did not answer ${what}`)), PATIENCE_MS);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
