import { CallError } from '../api/call-error.ts';
import { texts } from '../text/text.ts';

const t = texts({
  en: {
    unreachable: 'The server does not answer.',
    readOnly: 'This console is read-only: it changes nothing.',
    notSignedIn: 'Nobody is signed in.',
  },
  es: {
    unreachable: 'El servidor no responde.',
    readOnly: 'Esta consola es de solo lectura: no cambia nada.',
    notSignedIn: 'No ha iniciado sesión nadie.',
  },
});

/** What an error says: the server's own words, by its name and text, as AWS has them. */
export function errorText(error: Error): string {
  if (!(error instanceof CallError)) return error.message;
  const { code, message } = error;
  if (code === 'Unreachable') return t.unreachable;
  if (code === 'ReadOnly') return t.readOnly;
  if (code === 'NotSignedIn') return t.notSignedIn;
  return message === '' ? code : `${code}: ${message}`;
}
