import { StartError } from '../../env/start-error.ts';
import { below, textBelow, type XmlElement, xmlTree } from './xml-tree.ts';

/** Takes requests of IAM's Query API to where they are answered: a server, or a data directory. */
export interface IamTransport extends AsyncDisposable {
  /** `form` is the body of a POST. Rejects with `StartError` when there is no answer. */
  send(form: string): Promise<{ readonly status: number; readonly body: string }>;
}

/** An error that IAM answered. */
export class IamError extends Error {
  override readonly name = 'IamError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export type Parameters = Readonly<Record<string, string | undefined>>;

/** Calls of IAM, and what they answer, as XML says it. */
export class IamClient {
  readonly #transport: IamTransport;

  constructor(transport: IamTransport) {
    this.#transport = transport;
  }

  /** The result of an action. Rejects with `IamError` when it is refused. */
  async call(action: string, parameters: Parameters = {}): Promise<XmlElement | undefined> {
    const form = new URLSearchParams({ Action: action, Version: '2010-05-08' });
    for (const [name, value] of Object.entries(parameters)) if (value !== undefined) form.set(name, value);
    const { status, body } = await this.#transport.send(form.toString());
    const answer = xmlTree(body);
    if (status !== 200) throw refusal(status, answer);
    if (answer?.name !== `${action}Response`)
      throw new StartError(`what answers does not speak IAM's Query API`);
    return below(answer, `${action}Result`);
  }

  /** The members of a list, of all its pages. */
  async list(action: string, name: string, parameters: Parameters = {}): Promise<readonly XmlElement[]> {
    const members: XmlElement[] = [];
    let marker: string | undefined;
    do {
      const page = await this.call(action, { ...parameters, Marker: marker });
      members.push(...(below(page, name)?.children ?? []));
      marker = textBelow(page, 'IsTruncated') === 'true' ? textBelow(page, 'Marker') : undefined;
    } while (marker !== undefined);
    return members;
  }
}

function refusal(status: number, answer: XmlElement | undefined): Error {
  const error = below(answer, 'Error') ?? below(answer, 'Errors', 'Error');
  const code = textBelow(error, 'Code');
  if (code === '')
    return new StartError(`what answers does not speak IAM's Query API: it answered ${status}`);
  return new IamError(code, textBelow(error, 'Message'));
}
