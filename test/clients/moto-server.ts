import { type ChildProcess, spawn, spawnSync } from 'node:child_process';

/** Why moto cannot run here, or `false` when it can. */
export function whyNoMoto(): string | false {
  const found = spawnSync('python3', ['-c', 'import moto.server']);
  if (found.error !== undefined) return 'Python is not installed';
  return found.status !== 0 && 'moto with its server is not installed';
}

/** moto's server, which imitates AWS, on a port of its own. */
export class MotoServer implements Disposable {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(url: string, process: ChildProcess) {
    this.url = url;
    this.#process = process;
  }

  static start(): Promise<MotoServer> {
    const program = 'import sys; from moto.server import main; main(["-p", "0"])';
    const child = spawn('python3', ['-u', '-c', program], { stdio: ['ignore', 'ignore', 'pipe'] });
    return new Promise((resolve, reject) => {
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        const url = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1];
        if (url !== undefined) resolve(new MotoServer(url, child));
      });
      child.once('close', (code) => reject(new Error(`moto ended with ${code}: ${said}`)));
    });
  }

  [Symbol.dispose](): void {
    this.#process.kill();
  }
}
