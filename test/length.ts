/** True in `npm test -- long`, which takes the time that the usual run does not. */
export const isLong = process.env['TEST_LENGTH'] === 'long';

/** True in `npm test -- slow`, whose one core is shared with a busy process. */
export const isSlow = process.env['TEST_LENGTH'] === 'slow';

/** How often something is tried: usually, and in a long run. */
export function times(usual: number, long: number): number {
  return isLong ? long : usual;
}
