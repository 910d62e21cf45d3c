import type { Moment, Value } from '#present/words/words';

/** Returns a formatter for data in texts. Creates the formatters of `Intl` on first use, because they would slow down activation. */
export function valueFormat(language: string): (value: Value) => string {
  const locale = localeOf(language);
  const momentText = momentFormat(locale);
  let numbers: Intl.NumberFormat | undefined;
  let lists: Intl.ListFormat | undefined;
  return (value) => {
    if (typeof value === 'string') return value;
    if (typeof value === 'number') {
      if (Number.isInteger(value) && Math.abs(value) < 1_000) return String(value);
      return (numbers ??= new Intl.NumberFormat(locale)).format(value);
    }
    return 'now' in value ? momentText(value) : (lists ??= new Intl.ListFormat(locale, { type: 'conjunction' })).format(value);
  };
}

/** Returns a formatter for `14:02`, `Nov 24, 14:02`, or `Nov 24, 2025, 14:02`. The clock has 24 hours, because rows are narrow. */
function momentFormat(locale: string | undefined): (moment: Moment) => string {
  const formats = new Map<string, Intl.DateTimeFormat>();
  let dayFormat: Intl.DateTimeFormat | undefined;
  return ({ at, now }) => {
    dayFormat ??= new Intl.DateTimeFormat('sv-SE', { year: 'numeric', month: '2-digit', day: '2-digit' });
    const [day, today] = [dayFormat.format(at), dayFormat.format(now)];
    const kind = day === today ? 'time' : day.slice(0, 4) === today.slice(0, 4) ? 'day' : 'year';
    const format =
      formats.get(kind) ??
      new Intl.DateTimeFormat(locale, {
        ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
        ...(kind !== 'time' && { month: 'short', day: 'numeric' }),
        ...(kind === 'year' && { year: 'numeric' }),
      });
    formats.set(kind, format);
    return format.format(at);
  };
}

/** Returns the locale of a language tag. Undefined for an invalid tag, so that `Intl` uses the default language. */
export function localeOf(language: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(language)[0];
  } catch {
    return undefined;
  }
}
