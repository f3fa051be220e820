import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { CallError, callQuery } from '../api/call.ts';
import { config } from '../api/config.ts';
import { serverNow } from '../api/server-clock.ts';
import { beginSession, endedBecause, region, sessionOf } from '../api/session.ts';
import { Button } from '../parts/button.tsx';
import { errorText } from '../parts/error-text.ts';
import { TextField } from '../parts/field.tsx';
import { Notice } from '../parts/notice.tsx';
import { type Language, language, languages, texts } from '../text/text.ts';
import { Mark } from './mark.tsx';
import { chooseRegion } from './start.ts';

const t = texts({
  en: {
    title: 'Sign in',
    lead: 'With an access key of a user of this server.',
    accessKeyId: 'Access key id',
    secret: 'Secret access key',
    secretHint:
      'It is not kept, nor sent: what signs until tomorrow is derived from it, and stays in this tab.',
    token: 'Session token',
    tokenHint: 'Of temporary credentials only.',
    region: 'Region',
    ended: 'You have been signed out',
    missing: 'This is needed.',
    language: 'Language',
  },
  es: {
    title: 'Iniciar sesión',
    lead: 'Con una clave de acceso de un usuario de este servidor.',
    accessKeyId: 'Id de la clave de acceso',
    secret: 'Clave de acceso secreta',
    secretHint:
      'No se guarda ni se envía: de ella se deriva lo que firma hasta mañana, y queda en esta pestaña.',
    token: 'Token de sesión',
    tokenHint: 'Solo con credenciales temporales.',
    region: 'Región',
    ended: 'Se ha cerrado la sesión',
    missing: 'Hace falta.',
    language: 'Idioma',
  },
});

/** Takes an access key. It is tried with a call that everybody may make before it counts. */
export function SignIn() {
  const accessKeyId = useSignal('');
  const secret = useSignal('');
  const token = useSignal('');
  const chosenRegion = useSignal(region.value);
  const isBusy = useSignal(false);
  const isTried = useSignal(false);
  const error = useSignal<string | undefined>(undefined);
  useEffect(() => {
    document.title = `${t.title} · Millrace`;
  }, [language.value]);

  const submit = async (event: Event) => {
    event.preventDefault();
    isTried.value = true;
    if (accessKeyId.value.trim() === '' || secret.value === '' || isBusy.value) return;
    isBusy.value = true;
    error.value = undefined;
    chooseRegion(chosenRegion.value.trim() || region.value);
    const sessionToken = token.value.trim() || undefined;
    const credentials = {
      accessKeyId: accessKeyId.value.trim(),
      secretAccessKey: secret.value.trim(),
      sessionToken,
    };
    try {
      await trySession(credentials);
    } catch (thrown) {
      if (!(thrown instanceof CallError)) throw thrown;
      error.value = errorText(thrown);
    } finally {
      isBusy.value = false;
    }
  };
  const missing = (value: string) => (isTried.value && value.trim() === '' ? t.missing : undefined);
  return (
    <main class="alone">
      <form class="sign-in" onSubmit={submit} noValidate>
        <div class="sign-in-brand">
          <Mark />
          Millrace
        </div>
        <h1>{t.title}</h1>
        <p class="quiet-text">{t.lead}</p>
        {endedBecause.value !== undefined && error.value === undefined && (
          <Notice kind="warning" title={t.ended}>
            {endedBecause.value}
          </Notice>
        )}
        {error.value !== undefined && <Notice kind="bad">{error.value}</Notice>}
        <TextField
          label={t.accessKeyId}
          value={accessKeyId}
          isMono={true}
          isRequired={true}
          autocomplete="username"
          error={missing(accessKeyId.value)}
        />
        <TextField
          label={t.secret}
          value={secret}
          kind="password"
          isMono={true}
          isRequired={true}
          autocomplete="current-password"
          hint={t.secretHint}
          error={missing(secret.value)}
        />
        <TextField label={t.token} value={token} isMono={true} hint={t.tokenHint} />
        {config.value?.AnyRegion === true && (
          <TextField label={t.region} value={chosenRegion} isMono={true} />
        )}
        <Button kind="main" submits={true} busy={isBusy.value}>
          {t.title}
        </Button>
        <LanguageChoice />
      </form>
    </main>
  );
}

/** Rejects with `CallError` where the key is not one of this server's; nobody is signed in then. */
async function trySession(credentials: Parameters<typeof sessionOf>[0]): Promise<void> {
  const tried = sessionOf(credentials, serverNow());
  await callQuery('sts', 'GetCallerIdentity', {}, { as: tried });
  beginSession(tried);
}

function LanguageChoice() {
  return (
    <fieldset class="language-choice" aria-label={t.language}>
      {languages.map(({ id, title }) => (
        <button
          key={id}
          type="button"
          class="button quiet"
          lang={id}
          aria-pressed={language.value === id}
          onClick={() => {
            language.value = id satisfies Language;
          }}
        >
          {title}
        </button>
      ))}
    </fieldset>
  );
}
