import { once } from 'node:events';

/**
 * Keys as somebody at the terminal presses them, one at a time, until the signal is aborted; escape sequences
 * of special keys are one key. Nothing where stdin is no terminal. Ctrl-C is a key meanwhile, `\u0003`.
 */
export async function* nodeKeys(signal: AbortSignal): AsyncGenerator<string> {
  const { stdin } = process;
  if (!stdin.isTTY) return;
  stdin.setRawMode(true);
  try {
    while (!signal.aborted) {
      const [bytes] = await once(stdin, 'data', { signal });
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is how special keys begin
      yield* String(bytes).match(/\u001b\[[0-9;]*[A-Za-z~]|[\s\S]/gu) ?? [];
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
  }
}
