/** A profile of a shared-credentials file: whoever has its access key. */
export type Profile = {
  readonly name: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** Twelve digits. */
  readonly account?: string;
};

/** The file cannot be used. `message` is one line that names the file's line, and never a value in it. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
}

/**
 * Reads an AWS shared-credentials file (AWS SDKs and Tools reference guide, "Shared config and credentials
 * files"), one profile at least. Settings that mean nothing here are skipped.
 */
export function parseCredentials(text: string): readonly Profile[] {
  const byKey = new Map<string, Profile>();
  for (const section of sectionsOf(text)) {
    const profile = profileOf(section);
    const other = byKey.get(profile.accessKeyId);
    if (other !== undefined) {
      throw failure(section.line, `profile ${profile.name} has the same access key as profile ${other.name}`);
    }
    byKey.set(profile.accessKeyId, profile);
  }
  if (byKey.size === 0) throw new CredentialsError('there is no profile in it');
  return [...byKey.values()];
}

/** One profile in such a text, whatever the others are; undefined when it is not there. */
export function parseProfile(text: string, name: string): Profile | undefined {
  const section = sectionsOf(text).find((one) => one.name === name);
  return section && profileOf(section);
}

type Section = { readonly line: number; readonly name: string; readonly settings: Map<string, string> };

function sectionsOf(text: string): Section[] {
  const sections: Section[] = [];
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  for (const [index, raw] of lines.entries()) {
    const line = index + 1;
    const content = withoutComment(raw).trim();
    if (content === '') continue;
    const name = sectionName(content);
    if (name === undefined) {
      addSetting(sections.at(-1), content, line);
    } else {
      if (name === '') throw failure(line, 'a profile needs a name');
      if (sections.some((section) => section.name === name)) {
        throw failure(line, `profile ${name} was there before`);
      }
      sections.push({ line, name, settings: new Map() });
    }
  }
  return sections;
}

/** A comment is a line of its own, or follows a blank. */
function withoutComment(line: string): string {
  const start = /(?:^|\s)[#;]/.exec(line);
  return start === null ? line : line.slice(0, start.index);
}

/** `[name]`, or `[profile name]` as a config file has it. */
function sectionName(content: string): string | undefined {
  if (!content.startsWith('[') || !content.endsWith(']')) return undefined;
  return content
    .slice(1, -1)
    .trim()
    .replace(/^profile\s+/, '');
}

function addSetting(section: Section | undefined, content: string, line: number): void {
  if (section === undefined) throw failure(line, 'there is text before the first [profile]');
  const equals = content.indexOf('=');
  if (equals < 0) throw failure(line, 'expected a [profile] or a setting = value');
  const name = content.slice(0, equals).trim().toLowerCase();
  if (!Object.hasOwn(settingForms, name)) return;
  if (section.settings.has(name)) throw failure(line, `${name} was set before`);
  const value = content.slice(equals + 1).trim();
  const { form, says } = settingForms[name]!;
  if (!form.test(value)) throw failure(line, `${name} must be ${says}`);
  section.settings.set(name, value);
}

/** The settings that mean something here. A key id stands between slashes and commas in a signature. */
const settingForms: Readonly<Record<string, { form: RegExp; says: string }>> = {
  aws_access_key_id: { form: /^[\w-]{1,128}$/, says: '1 to 128 letters, digits, _ or -' },
  aws_secret_access_key: { form: /./, says: 'given' },
  aws_session_token: { form: /./, says: 'given' },
  aws_account_id: { form: /^\d{12}$/, says: '12 digits' },
};

function profileOf({ line, name, settings }: Section): Profile {
  const required = (setting: string): string => {
    const value = settings.get(setting);
    if (value === undefined) throw failure(line, `profile ${name} has no ${setting}`);
    return value;
  };
  const sessionToken = settings.get('aws_session_token');
  const account = settings.get('aws_account_id');
  return {
    name,
    accessKeyId: required('aws_access_key_id'),
    secretAccessKey: required('aws_secret_access_key'),
    ...(sessionToken === undefined ? {} : { sessionToken }),
    ...(account === undefined ? {} : { account }),
  };
}

function failure(line: number, message: string): CredentialsError {
  return new CredentialsError(`line ${line}: ${message}`);
}
