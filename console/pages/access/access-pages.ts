import type { Crumb, Page, Parameters } from '../../shell/page.ts';
import { href } from '../../shell/router.ts';
import { t } from './text.ts';

const lists = ['users', 'groups', 'roles', 'policies'] as const;
type List = (typeof lists)[number];

/** Users and what they may do. */
export const accessPages: readonly Page[] = [
  {
    ...listPage('users', async () => (await import('./views.ts')).UsersPage),
    navigation: 'access',
    navigationTitle: () => t.access,
    goKey: 'u',
  },
  listPage('groups', async () => (await import('./views.ts')).GroupsPage),
  listPage('roles', async () => (await import('./views.ts')).RolesPage),
  listPage('policies', async () => (await import('./views.ts')).PoliciesPage),
  {
    pattern: 'access/check',
    title: () => t.check,
    tab: { of: 'access', label: () => t.check },
    load: async () => (await import('./views.ts')).CheckPage,
  },
  onePage('users', 'user', async () => (await import('./views.ts')).UserPage),
  onePage('groups', 'group', async () => (await import('./views.ts')).GroupPage),
  onePage('roles', 'role', async () => (await import('./views.ts')).RolePage),
  onePage('policies', 'policy', async () => (await import('./views.ts')).PolicyPage),
];

function listPage(list: List, load: Page['load']): Page {
  const title = () => t[list];
  return { pattern: `access/${list}`, title, tab: { of: 'access', label: title }, load };
}

function onePage(list: List, parameter: string, load: Page['load']): Page {
  const crumbs = (): Crumb[] => [{ title: t[list], address: href(['access', list]) }];
  return { pattern: `access/${list}/:${parameter}`, title: nameIn(parameter), crumbs, load };
}

/** Of an ARN the name at its end. */
function nameIn(parameter: string): (parameters: Parameters) => string {
  return (parameters) => parameters[parameter]!.replace(/^arn:.*\//, '');
}
