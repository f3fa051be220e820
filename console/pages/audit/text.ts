import { texts } from '../../text/text.ts';

/** What the page of the audit trail says. */
export const t = texts({
  en: {
    title: 'Audit trail',
    lead: 'Who called what, and what was refused, as this server has recorded it. Puts and reads of records are not recorded one by one.',
    at: 'Time',
    caller: 'Caller',
    operation: 'Operation',
    resource: 'Resource',
    outcome: 'Outcome',
    peer: 'From',
    since: 'Since',
    until: 'Until',
    any: 'any',
    ask: 'Search',
    more: 'Show older ones',
    none: 'Nothing is recorded that fits',
    noneText:
      'Callers and resources are found by a part of their ARN, operations by their name; an outcome is ok, failed, or the code of an error.',
    unavailable: 'There is no audit trail here',
    record: 'The record',
    clear: 'Clear',
  },
  es: {
    title: 'Registro de auditoría',
    lead: 'Quién llamó a qué y qué se rechazó, tal como lo registró este servidor. Las escrituras y lecturas de registros no se anotan una a una.',
    at: 'Hora',
    caller: 'Quién',
    operation: 'Operación',
    resource: 'Recurso',
    outcome: 'Resultado',
    peer: 'Desde',
    since: 'Desde',
    until: 'Hasta',
    any: 'cualquiera',
    ask: 'Buscar',
    more: 'Mostrar anteriores',
    none: 'No hay nada registrado que coincida',
    noneText:
      'Quien llama y los recursos se encuentran por una parte de su ARN, las operaciones por su nombre; un resultado es ok, failed o el código de un error.',
    unavailable: 'Aquí no hay registro de auditoría',
    record: 'La anotación',
    clear: 'Vaciar',
  },
});
