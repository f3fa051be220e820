import { texts } from '../../text/text.ts';

/** What the pages of users and policies say. */
export const t = texts({
  en: {
    users: 'Users',
    access: 'Users and policies',
    name: 'Name',
    path: 'Path',
    created: 'Created',
    arn: 'ARN',
    createUser: 'Create user',
    userName: 'User name',
    userNameHint: 'Up to 64 letters, digits and + = , . @ _ -',
    create: 'Create',
    cancel: 'Cancel',
    noUsers: 'No users yet',
    noUsersText:
      'A user has access keys, which programs and people sign with, and policies that say what they may do.',
    noneFound: 'Nothing fits the filter',
    userMade: (name: string) => `${name} was made. It may do nothing yet: attach a policy.`,
    count: (shown: string, all: string) => `${shown} of ${all}`,
  },
  es: {
    users: 'Usuarios',
    access: 'Usuarios y políticas',
    name: 'Nombre',
    path: 'Ruta',
    created: 'Creado',
    arn: 'ARN',
    createUser: 'Crear usuario',
    userName: 'Nombre de usuario',
    userNameHint: 'Hasta 64 letras, cifras y + = , . @ _ -',
    create: 'Crear',
    cancel: 'Cancelar',
    noUsers: 'Todavía no hay usuarios',
    noUsersText:
      'Un usuario tiene claves de acceso, con las que firman programas y personas, y políticas que dicen qué pueden hacer.',
    noneFound: 'Nada coincide con el filtro',
    userMade: (name: string) => `Se creó ${name}. Aún no puede hacer nada: asígnele una política.`,
    count: (shown: string, all: string) => `${shown} de ${all}`,
  },
});
