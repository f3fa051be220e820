/** True in `npm test -- long`, which takes the time that the usual run does not. */
export const isLong = process.env['TEST_LENGTH'] === 'long';

/** With `ENGINE=kafka` a cluster is under test, which takes many times as long. */
const isOfCluster = process.env['ENGINE'] === 'kafka';

/** How often something is tried: usually, and in a long run; of a cluster, a twentieth of what is usual. */
export function times(usual: number, long: number): number {
  if (isLong) return long;
  return isOfCluster ? Math.ceil(usual / 20) : usual;
}
