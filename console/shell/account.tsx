import { useAsked } from '../api/asked.ts';
import { callQuery } from '../api/call.ts';
import { config } from '../api/config.ts';
import { endSession, isSignedIn, region, session } from '../api/session.ts';
import { Button } from '../parts/button.tsx';
import { type Language, language, languages } from '../text/text.ts';
import { chooseRegion } from './start.ts';
import { t } from './text.ts';
import { type Theme, theme, themes } from './theme.ts';

/** Who is signed in, and how the console looks. */
export function Account({ onKeys }: { readonly onKeys: () => void }) {
  return (
    <div class="account">
      {isSignedIn.value && <Who />}
      {config.value?.AnyRegion === true && <RegionChoice />}
      <label>
        <span>{t.language}</span>
        <select
          class="input"
          value={language.value}
          onChange={(event) => {
            language.value = event.currentTarget.value as Language;
          }}
        >
          {languages.map(({ id, title }) => (
            <option key={id} value={id} lang={id}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{t.theme}</span>
        <select
          class="input"
          value={theme.value}
          onChange={(event) => {
            theme.value = event.currentTarget.value as Theme;
          }}
        >
          {themes.map((name) => (
            <option key={name} value={name}>
              {t[name]}
            </option>
          ))}
        </select>
      </label>
      <div class="account-foot">
        <Button kind="quiet" onPress={onKeys}>
          {t.keys} <kbd>?</kbd>
        </Button>
        <span class="quiet-text">{config.value?.Version}</span>
      </div>
    </div>
  );
}

/** What STS says whose signature it is (STS API reference, GetCallerIdentity). */
type CallerIdentity = { readonly Arn: string; readonly Account: string };

function Who() {
  const who = useAsked(
    (signal) => callQuery<CallerIdentity>('sts', 'GetCallerIdentity', {}, { signal }),
    [session.value?.accessKeyId],
  );
  return (
    <div class="who">
      <div>
        <span class="quiet-text">{t.signedInAs}</span>
        <span class="mono" title={who.answer?.Arn}>
          {who.answer === undefined ? session.value?.accessKeyId : nameIn(who.answer.Arn)}
        </span>
      </div>
      {session.value !== undefined && <Button onPress={() => endSession()}>{t.signOut}</Button>}
    </div>
  );
}

/** `user/ada` of `arn:aws:iam::000000000000:user/ada`, `root` of the root user. */
function nameIn(arn: string): string {
  return arn.split(':').slice(5).join(':');
}

/** What is in one region is not seen in another. */
function RegionChoice() {
  return (
    <label>
      <span>{t.region}</span>
      <input
        class="input mono"
        value={region.value}
        spellcheck={false}
        onChange={(event) => {
          const name = event.currentTarget.value.trim();
          if (/^[a-z0-9-]{1,63}$/.test(name)) chooseRegion(name);
          else event.currentTarget.value = region.value;
        }}
      />
    </label>
  );
}
