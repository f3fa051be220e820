import { type ChildProcess, spawn } from 'node:child_process';

/** moto's server, which imitates AWS, on a port of its own. */
export class MotoServer implements Disposable {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(url: string, process: ChildProcess) {
    this.url = url;
    this.#process = process;
  }

  /** The server, or why it cannot run here. Rejects when it is there and does not start. */
  static start(): Promise<MotoServer | string> {
    const program = 'import sys; from moto.server import main; main(["-p", "0"])';
    const child = spawn('python3', ['-u', '-c', program], { stdio: ['ignore', 'ignore', 'pipe'] });
    const kill = () => child.kill();
    process.once('exit', kill);
    child.once('exit', () => process.off('exit', kill));
    return new Promise((resolve, reject) => {
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        const url = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1];
        if (url !== undefined) resolve(new MotoServer(url, child));
      });
      child.once('error', () => resolve('Python is not installed'));
      child.once('close', (code) => {
        if (/^ModuleNotFoundError: /m.test(said)) resolve('moto with its server is not installed');
        else reject(new Error(`moto ended with ${code}: ${said}`));
      });
    });
  }

  [Symbol.dispose](): void {
    this.#process.kill();
  }
}
