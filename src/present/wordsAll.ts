import { words as shown } from './words';
import { wordsAsked } from './wordsAsked';
import { wordsImported } from './wordsImported';
import { wordsRead } from './wordsRead';

/** The sentences of what is loaded with the first command. */
export const words = { ...shown, ...wordsAsked, ...wordsImported, ...wordsRead } as const;
