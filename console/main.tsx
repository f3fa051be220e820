import { render } from 'preact';
import { App } from './shell/app.tsx';
import { fetchFirstPage } from './shell/first-page.ts';
import { begin } from './shell/start.ts';

begin();
fetchFirstPage();
render(<App />, document.getElementById('console')!);
