import type { Moment, TextValue } from '#present/words/words';

/** Returns a formatter for data in texts. Creates the formatters of `Intl` on first use, because they would slow down activation. */
export function valueFormat(language: string, timeZone?: string): (value: TextValue) => string {
  const locale = localeOf(language);
  const momentText = momentFormat(locale, timeZone);
  let numberFormat: Intl.NumberFormat | undefined;
  let listFormat: Intl.ListFormat | undefined;
  return (value) => {
    if (typeof value === 'string') return value;
    if (typeof value === 'number') {
      if (Number.isInteger(value) && Math.abs(value) < 1_000) return String(value);
      return (numberFormat ??= new Intl.NumberFormat(locale)).format(value);
    }
    return 'length' in value ? (listFormat ??= new Intl.ListFormat(locale, { type: 'conjunction' })).format(value) : momentText(value);
  };
}

/** The time on a 24-hour clock, which needs no AM or PM in narrow rows. */
const timeOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const dayAndTimeOptions = { ...timeOptions, month: 'short', day: 'numeric' } as const;
const yearAndTimeOptions = { ...dayAndTimeOptions, year: 'numeric' } as const;

/** Returns a formatter that leaves out today's date and the current year, as in `14:02`. Without `now`, adds date, year, and time zone. */
function momentFormat(locale: string | undefined, timeZone: string | undefined): (moment: Moment) => string {
  const lazyFormat = (language: string | undefined, options: Intl.DateTimeFormatOptions) => {
    let format: Intl.DateTimeFormat | undefined;
    return (at: number) => (format ??= new Intl.DateTimeFormat(language, { ...options, timeZone })).format(at);
  };
  const isoDateOf = lazyFormat('sv-SE', { year: 'numeric', month: '2-digit', day: '2-digit' });
  const formats = {
    today: lazyFormat(locale, timeOptions),
    thisYear: lazyFormat(locale, dayAndTimeOptions),
    otherYear: lazyFormat(locale, yearAndTimeOptions),
    complete: lazyFormat(locale, { ...yearAndTimeOptions, timeZoneName: 'short' }),
  };
  return ({ at, now }) => {
    if (now === undefined) return formats.complete(at);
    const [day, today] = [isoDateOf(at), isoDateOf(now)];
    if (day === today) return formats.today(at);
    return day.slice(0, 4) === today.slice(0, 4) ? formats.thisYear(at) : formats.otherYear(at);
  };
}

/** Returns the locale of a language tag. Undefined for an invalid tag, so that `Intl` uses the default language. */
function localeOf(language: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(language)[0];
  } catch {
    return undefined;
  }
}
